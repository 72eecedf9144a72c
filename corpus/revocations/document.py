"""The bytes of a revocation list, whole or since an earlier one.

JSON with one field, and in ``entries`` one clip, a line. There is exactly one way to write a list,
so that whoever has list 5 and what came since can write list 7 to the byte and check its hash.
Only ids of clips: the id of a speaker would tie all clips of a person together.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

#: What stands in the first list for the hash of the one before it.
NO_LIST = "0" * 64
_CHUNK_LINES = 512
_COMMA = ",\n"


@dataclass(frozen=True)
class Entry:
    """A clip that was taken back, after it had been in a release.

    ``sha256`` (hex) is by encoding: of every file in which exports ship the clip. ``first_release``
    is the first that held it, such as ``words-1``.
    """

    clip_id: uuid.UUID
    sha256: Mapping[str, str]
    revoked_at: datetime
    first_release: str
    reason: str


@dataclass(frozen=True)
class Head:
    """All of a list but its entries.

    ``num_entries`` counts all of them. ``releases`` gives by id each release's name, its revision
    and the last revision that did more than take clips out: to that one, a copy cannot be brought
    by taking clips out.
    """

    list_number: int
    this_update: datetime
    next_update: datetime
    previous_sha256: str
    num_entries: int
    releases: Mapping[str, Mapping[str, object]]


def stamp(at: datetime) -> str:
    """UTC, to the second (RFC 3339)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def entry_line(entry: Entry) -> str:
    """One entry, without the comma."""
    return _json(
        {
            "clip_id": str(entry.clip_id),
            "sha256": dict(sorted(entry.sha256.items())),
            "revoked_at": stamp(entry.revoked_at),
            "first_release": entry.first_release,
            "reason": entry.reason,
        }
    )


def parsed(fields: Mapping[str, Any]) -> Entry:
    """An entry out of a list that was read."""
    at = datetime.fromisoformat(fields["revoked_at"])
    return Entry(
        uuid.UUID(fields["clip_id"]),
        fields["sha256"],
        at,
        fields["first_release"],
        fields["reason"],
    )


def whole(head: Head, lines: Iterable[str]) -> Iterator[bytes]:
    """The list with the lines of all its entries, in the order in which they came."""
    return _pieces(_fields(head, since=0), lines)


def since(
    head: Head, number: int, number_sha256: str, head_sha256: str, lines: Iterable[str]
) -> Iterator[bytes]:
    """What came since list ``number``: the later lines, and the hashes (hex) of both lists."""
    more = {"since_sha256": number_sha256, "whole_sha256": head_sha256}
    return _pieces({**_fields(head, since=number), **more}, lines)


def sha256_of(pieces: Iterable[bytes]) -> str:
    """The hash (hex) of a document."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _fields(head: Head, since: int) -> dict[str, object]:
    releases = {key: dict(sorted(head.releases[key].items())) for key in sorted(head.releases)}
    return {
        "list_number": head.list_number,
        "since": since,
        "this_update": stamp(head.this_update),
        "next_update": stamp(head.next_update),
        "previous_sha256": head.previous_sha256,
        "num_entries": head.num_entries,
        "releases": releases,
    }


def _pieces(fields: Mapping[str, object], lines: Iterable[str]) -> Iterator[bytes]:
    head = ["{", *(f'"{name}": {_json(value)},' for name, value in fields.items()), '"entries": [']
    text, between, left = "\n".join(head), "\n", iter(lines)
    while chunk := list(islice(left, _CHUNK_LINES)):
        yield f"{text}{between}{_COMMA.join(chunk)}".encode()
        text, between = "", _COMMA
    yield f"{text}\n]\n}}\n".encode()


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
