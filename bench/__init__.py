"""Workloads that print one JSON line each: ``python -m bench NAME``."""
