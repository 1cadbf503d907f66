"""Use cases: one function, one transaction. Load, decide (domain), write rows and events and outbox."""
