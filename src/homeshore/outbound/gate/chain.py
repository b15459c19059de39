"""The register as proof: each entry carries the digest of the one before, so that what was written cannot be changed unseen."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

FIRST = ""
"""What stands for the entry before the first."""


def digest(before: str, said: Mapping[str, Any]) -> str:
    """SHA-256 of the digest before and of what an entry says, as JSON with sorted keys and no spaces, in hexadecimal."""
    written = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{before}\n{written}".encode()).hexdigest()


def first_broken(entries: Iterable[tuple[Mapping[str, Any], str]]) -> int | None:
    """The position, from 1, of the first entry that does not fit its digest and the one before; None when all do."""
    before = FIRST
    for position, (said, kept) in enumerate(entries, start=1):
        if said.get("position") != position or digest(before, said) != kept:
            return position
        before = kept
    return None
