"""Duban 督办: from a notice to 办结."""

__version__ = "0.1.0"
