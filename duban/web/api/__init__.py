"""The interface for programs, ``/api/v1``: the same services and the same rules as the pages, answers in JSON."""
