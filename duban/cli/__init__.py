"""The command line: thin doors that read the clock, open the installation, call one service, and report."""

from duban.cli.main import main

__all__ = ["main"]
