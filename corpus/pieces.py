"""Bytes on their way out, in pieces worth sending."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

#: A piece costs a call of the system, and wakes up whoever reads: 256 KiB are five short clips.
PIECE_NUM_BYTES = 256 * 1024


def in_large_pieces(pieces: Iterable[bytes], num_bytes: int = PIECE_NUM_BYTES) -> Iterator[bytes]:
    """The same bytes, gathered into pieces of at least ``num_bytes``, but for the last one.

    An archive's own pieces are as small as the padding behind a clip. Where making them fails, what
    was gathered is not sent: whoever takes a download up again has up to ``num_bytes`` less of it.
    """
    gathered: list[bytes] = []
    num_gathered = 0
    for piece in pieces:
        gathered.append(piece)
        num_gathered += len(piece)
        if num_gathered >= num_bytes:
            yield b"".join(gathered)
            gathered, num_gathered = [], 0
    if num_gathered:
        yield b"".join(gathered)
