"""gunicorn's settings where it serves HTTPS itself: what speaks plain HTTP is shown the way."""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Callable
from functools import lru_cache
from typing import Any

TLS_HANDSHAKE = b"\x16"  # the first byte of every TLS connection (RFC 8446, section 5.1)
MAX_HEAD_BYTES = 4096
PATIENCE_S = 2.0
_HEAD = re.compile(
    rb"(?:GET|HEAD) (/[!-~]*) HTTP/1\.[01]\r\n(?:[^\r\n]*\r\n)*?host: *([\w.:\[\]-]+) *\r\n",
    re.IGNORECASE,
)


class RedirectingContext(ssl.SSLContext):
    """TLS; but a browser that came by ``http://`` is sent to ``https://`` on the same port."""

    def wrap_socket(self, sock: socket.socket, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        """The socket with TLS; ConnectionResetError when it does not speak TLS."""
        first = sock.recv(1, socket.MSG_PEEK)
        if first in (TLS_HANDSHAKE, b""):
            return super().wrap_socket(sock, *args, **kwargs)
        sock.settimeout(PATIENCE_S)
        sock.sendall(redirection(sock.recv(MAX_HEAD_BYTES)))
        # Which gunicorn takes for what it is by now: a connection that is over.
        raise ConnectionResetError(errno.ECONNRESET, "plain HTTP")


def redirection(head: bytes) -> bytes:
    """The answer to a plain request: where it should have gone, or that it makes no sense.

    307 and not 308, which browsers keep: the same port may serve plain HTTP tomorrow.
    """
    found = _HEAD.match(head)
    if found is None:
        return b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    path, host = found.groups()
    return (
        b"HTTP/1.1 307 Temporary Redirect\r\nLocation: https://" + host + path + b"\r\n"
        b"Content-Length: 0\r\nConnection: close\r\n\r\n"
    )


@lru_cache
def _context(chain: str, key: str) -> ssl.SSLContext:
    context = RedirectingContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    return context


def ssl_context(config: Any, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """gunicorn's hook: the context for each of its connections."""
    return _context(config.certfile, config.keyfile)
