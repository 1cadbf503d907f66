"""The units of a notice and their people, for the coordinator."""
