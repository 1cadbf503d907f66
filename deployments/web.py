"""The pages alone, where Prefect has processes of its own: ``uvicorn --factory deployments.web:app``."""

from fastapi import FastAPI

from duban.bootstrap import open_duban
from duban.web.app import create_app


def app() -> FastAPI:
    """The application of the installation that the settings name."""
    return create_app(open_duban())
