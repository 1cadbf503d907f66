"""The supervisor's Monday, and what a supervisor does from there: one thing at a time, each confirmed."""
