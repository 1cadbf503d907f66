"""The process that reads a notice as it came: ``python -P -m duban.reading.originals.child``.

It is asked as ``duban.reading.materials.child`` is, confines itself in the same way, and answers one line of JSON:
the text, or why there is none. When it dies it answers nothing.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from duban.reading.materials import cage
from duban.reading.materials.confining import confine
from duban.reading.materials.limits import Limits
from duban.reading.originals import OriginalRefused, original_text


def main() -> None:
    """One request, one answer."""
    request: dict[str, Any] = json.load(sys.stdin)
    confine(Limits(**request["limits"]))
    data = Path(request["path"]).read_bytes()
    cage.shut()
    sys.stdout.buffer.write(json.dumps(answer(data)).encode("ascii"))
    sys.stdout.buffer.flush()
    os._exit(0)  # what libraries still have to say is no part of the answer


def answer(data: bytes) -> dict[str, str]:
    """``text``, or ``zh`` and ``en`` of a refusal."""
    try:
        return {"text": original_text(data)}
    except OriginalRefused as refusal:
        return {"zh": refusal.zh, "en": refusal.en}


if __name__ == "__main__":
    main()
