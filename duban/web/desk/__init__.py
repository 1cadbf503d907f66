"""The coordinator's desk: reminders by hand, holds, notes of calls, acts on several, ledgers to take away."""
