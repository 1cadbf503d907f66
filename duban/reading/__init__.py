"""Files from outside into text and facts; no decisions, no database."""
