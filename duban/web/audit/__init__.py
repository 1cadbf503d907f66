"""The record of events: looked through, exported, verified."""
