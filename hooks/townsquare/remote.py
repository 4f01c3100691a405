"""Reading a file of a published site over the network: in bounded time and size, http(s) only."""

from __future__ import annotations

import time
from http import HTTPStatus
from http.client import HTTPException
from typing import IO
from urllib.error import HTTPError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from townsquare.problems import SetupError

STALL_SECONDS = 20.0
TOTAL_SECONDS = 120.0
_BLOCK = 64 * 1024
_NOTHING_THERE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


def fetched(address: str, max_bytes: int) -> bytes:
    """What stands at the address; OSError where it does not come, SetupError where it is larger.

    The OSError is FileNotFoundError where the host says that nothing stands there.
    """
    asked = Request(address, headers={"Cache-Control": "no-cache"})  # noqa: S310 — see `_opener`
    try:
        with _opener().open(asked, timeout=STALL_SECONDS) as answer:
            return _bounded(answer, max_bytes)
    except HTTPError as error:
        error.close()
        kind = FileNotFoundError if error.code in _NOTHING_THERE else OSError
        raise kind(str(error)) from None
    except HTTPException as error:
        raise OSError(f"the answer breaks off ({type(error).__name__})") from error


def _opener() -> OpenerDirector:
    """Opens http and https only, so that no redirect leads to a file of this machine."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler,
        HTTPHandler,
        HTTPSHandler,
        HTTPRedirectHandler,
        HTTPDefaultErrorHandler,
        HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener


def _bounded(stream: IO[bytes], max_bytes: int) -> bytes:
    """All that the stream holds, unless it is too much or takes too long."""
    blocks: list[bytes] = []
    size, until = 0, time.monotonic() + TOTAL_SECONDS
    while block := stream.read(_BLOCK):
        blocks.append(block)
        size += len(block)
        if size > max_bytes:
            raise SetupError(f"what stands there is larger than {max_bytes} bytes")
        if time.monotonic() > until:
            raise TimeoutError(f"it took longer than {TOTAL_SECONDS:.0f} seconds")
    return b"".join(blocks)
