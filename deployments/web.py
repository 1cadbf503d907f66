"""The pages alone, where Prefect has processes of its own: ``uvicorn --factory deployments.web:app``."""

from fastapi import FastAPI

from duban.bootstrap import open_duban
from duban.services.batches import settle_collector
from duban.web.app import create_app


def app() -> FastAPI:
    """The application of the installation that the settings name."""
    made = create_app(open_duban())
    settle_collector()
    return made
