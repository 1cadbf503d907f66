"""The command line: thin doors that read the clock, open the installation, call one service, and report."""

import sys

try:
    from duban.cli.main import main
except KeyboardInterrupt:
    # Ctrl-C while the commands are still being imported, which takes a second: no traceback
    sys.exit(130)

__all__ = ["main"]
