"""The process that opens a file: ``python -P -m duban.reading.materials.child``.

A request comes as JSON on stdin, the answer goes to stdout: a line of JSON for each step, each knowing more than the
one before it, or the bytes of a picture. It confines itself before it looks at the file, and shuts its cage before
more than the first bytes are read. What it cannot read is an answer too; when it dies, its last line stands.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from duban.domain.filekind import FileKind, Mark
from duban.reading.materials import cage
from duban.reading.materials.confining import confine
from duban.reading.materials.found import TOO_MUCH, Found, Refused, fit, sentence
from duban.reading.materials.limits import Limits
from duban.reading.materials.opening import open_file
from duban.reading.materials.sniffing import HEAD
from duban.reading.materials.telling import prepare, told


def main() -> None:
    """One request, one answer; an empty answer for a picture that cannot be shown."""
    request: dict[str, Any] = json.load(sys.stdin)
    limits = Limits(**request["limits"])
    path = Path(request["path"])
    confine(limits)
    out = sys.stdout.buffer
    if request["act"] == "read":
        for found in read(path, request["name"], limits):
            out.write(json.dumps(asdict(found)).encode("ascii") + b"\n")
            out.flush()
    else:
        from duban.reading.materials.drawing import drawn

        cage.shut()
        out.write(drawn(path, request, limits))
    out.flush()
    os._exit(0)  # what libraries still have to say is no part of the answer


def read(path: Path, name: str, limits: Limits) -> Iterator[Found]:
    """What is known of the file, step by step; the last one says what it holds, or why that cannot be told."""
    known = Found(kind=FileKind.OTHER)
    try:
        with open_file(path, limits) as file:
            prepare(file.read(HEAD))
            file.seek(0)
            cage.shut()
            for known in told(file, path, name, limits):
                yield _said(known)
    except Refused as refused:
        yield _said(replace(known, trouble=refused.trouble).marked(refused.mark))
    except (MemoryError, RecursionError):
        yield _said(replace(known, trouble=TOO_MUCH).marked(Mark.UNREADABLE))
    except Exception:  # libraries let anything through on hostile bytes
        yield _said(replace(known, trouble="文件已损坏，请重新上传").marked(Mark.BROKEN))


def _said(found: Found) -> Found:
    return replace(found, trouble=sentence(fit(found.trouble))) if found.trouble else found


if __name__ == "__main__":
    main()
