"""The one way to write a definition down, and its fingerprint. Both are kept with every revision in force."""

import hashlib
import json

from duban.domain.notice import Notice


def canonical_json(notice: Notice) -> str:
    """Compact JSON with sorted keys and with all defaults written out.

    Equal definitions give equal text, whatever the order of keys in their files. The defaults are in it so that a
    revision in force keeps its meaning when a later version of the program has other ones.
    ``Notice.model_validate_json`` reads it back.
    """
    plain = notice.model_dump(mode="json", by_alias=True)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def revision_hash(notice: Notice) -> str:
    """SHA-256 of the canonical JSON in UTF-8, in hex."""
    return hashlib.sha256(canonical_json(notice).encode()).hexdigest()
