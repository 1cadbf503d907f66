"""Where a run's links lead."""

from duban.settings import Settings


def pages(settings: Settings) -> str:
    """The address of our pages: as people reach them, else on this machine."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - compared, not bound
    return settings.base_url.rstrip("/") or f"http://{host}:{settings.port}"
