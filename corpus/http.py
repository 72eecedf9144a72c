"""Bytes over HTTP: ranges and entity tags (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from collector.errors import NotFound
from collector.rules import DIGITS
from corpus.pieces import in_large_pieces

log = logging.getLogger(__name__)
_RANGE = re.compile(f"^bytes=({DIGITS})?-({DIGITS})?$")


def parse_range(header: str, num_bytes: int) -> tuple[int, int] | None:
    """The first byte and the length that a ``Range`` header asks for.

    None when the header is absent or not one plain range: then the whole is answered, as the RFC
    allows. A range that lies outside has length 0.
    """
    found = _RANGE.match(header.strip())
    if found is None or found.groups() == (None, None):
        return None
    first, last = found.groups()
    if not first:
        start = max(0, num_bytes - int(last))
        return start, num_bytes - start
    start = int(first)
    end = min(int(last), num_bytes - 1) if last else num_bytes - 1
    return start, max(0, end - start + 1)


def ranged_response(
    range_header: str, num_bytes: int, read: Callable[[int, int], bytes], *, content_type: str
) -> HttpResponse:
    """The whole (200), a part (206), or word that there is no such part (416).

    Raises NotFound when there is nothing to read any more.
    """
    part = parse_range(range_header, num_bytes)
    start, length = part or (0, num_bytes)
    if part and not length:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{num_bytes}"
        return response
    try:
        body = read(start, length)
    except FileNotFoundError as error:
        # Taken back since it was looked up; should the storage have lost it, the log tells.
        log.warning("Nothing to hear: %s", error)
        raise NotFound from error
    response = HttpResponse(body, status=206 if part else 200, content_type=content_type)
    if part:
        response["Content-Range"] = f"bytes {start}-{start + length - 1}/{num_bytes}"
    response["Accept-Ranges"] = "bytes"
    # A voice is never kept by a cache that a withdrawal cannot reach.
    response["Cache-Control"] = "private, no-store"
    return response


def streamed_response(
    headers: Mapping[str, str],
    etag: str,
    num_bytes: int,
    stream: Callable[[int], Iterator[bytes]],
    *,
    content_type: str,
) -> HttpResponseBase:
    """Bytes that are made while they are sent, from where a broken download left off.

    ``stream(start)`` makes them from byte ``start`` on. A range is only honoured where it belongs
    to the present bytes (``If-Range``): two revisions must never be glued together.
    """
    same = headers.get("If-Range", etag) == etag
    part = parse_range(headers.get("Range", ""), num_bytes) if same else None
    start, length = part or (0, num_bytes)
    response: HttpResponseBase
    if part and not length:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{num_bytes}"
        return response
    response = StreamingHttpResponse(
        in_large_pieces(_first(length, stream(start))),
        status=206 if part else 200,
        content_type=content_type,
    )
    if part:
        response["Content-Range"] = f"bytes {start}-{start + length - 1}/{num_bytes}"
    response["Content-Length"] = str(length)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-store"
    return response


def _first(num_bytes: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield piece[:num_bytes]
        num_bytes -= len(piece)
        if num_bytes <= 0:
            return
