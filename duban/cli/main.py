"""The entry: all commands together, and every refusal as one line with its exit code."""

import sys

from duban.cli import founding, operating, rehearsal, writing
from duban.cli.app import app, context
from duban.domain.errors import DubanError

#: importing a module of commands registers them
COMMANDS = (writing, operating, rehearsal, founding)


def main() -> None:
    """Run ``duban``: exit 0 ok, 1 findings, 2 usage, 3 temporary."""
    try:
        app()
    except DubanError as error:
        for line in _lines(error):
            print(line, file=sys.stderr)  # noqa: T201 - the terminal is this door's page
        sys.exit(error.exit_code)


def _lines(error: DubanError) -> list[str]:
    """A refusal of a file has a line for each of its problems."""
    problems = getattr(error, "problems", None)
    if problems:
        return [str(problem) for problem in problems]
    return [error.said_in(context.lang)]
