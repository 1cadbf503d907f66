"""Prefect's flows: thin doors, one file each. Prefect ticks and shows; the work is a plain service."""

from duban.tied import die_with_parent_if_tied

#: The work pool that all our deployments are in.
POOL = "duban"

die_with_parent_if_tied()
