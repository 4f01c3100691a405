"""One address of a stranger's → its bytes, in bounded time and size.

The host is resolved once, every address found is looked at, and the connection goes to that very
address, so that a name cannot lead elsewhere a moment later (DNS rebinding); TLS is verified for
the name. Every redirect goes through the same. No proxy is asked: it would resolve names anew.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import NamedTuple, cast
from urllib.parse import quote, urljoin, urlsplit

from townsquare.imports import SourceFailed, hosts
from townsquare.imports.timed_sockets import Timed, left
from townsquare.values import value

MAX_BYTES = 5 * 1024 * 1024
MAX_REDIRECTS = 5
_BLOCK = 64 * 1024
_REDIRECTS = {301, 302, 303, 307, 308}
_FOR_EVER = {301, 308}
_IN_ADDRESSES = "%/:=&?~+!$,;'@()*[]"


@value
class Policy:
    """What may be asked; its defaults are what commands use.

    `resolve` gives a name's addresses, `permits` says whether one may be connected to at a port.
    """

    schemes: tuple[str, ...] = ("https",)
    resolve: Callable[[str, int, float], Sequence[str]] = hosts.resolved
    permits: Callable[[str, int], bool] = lambda address, _port: hosts.is_public(address)
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    seconds: float = 30.0
    max_bytes: int = MAX_BYTES


class Known(NamedTuple):
    """What a server said of the copy that we have (RFC 9110 §8.8)."""

    etag: str = ""
    modified: str = ""


class Answer(NamedTuple):
    """What came. `url` is where from; `moved` the address that a permanent redirect names."""

    data: bytes
    charset: str
    url: str
    known: Known
    moved: str = ""


class _Target(NamedTuple):
    scheme: str
    host: str
    port: int
    path: str
    authority: str


def fetch(
    url: str,
    accepted: Collection[str],
    *,
    policy: Policy = Policy(),  # noqa: B008 — frozen
    known: Known = Known(),  # noqa: B008 — frozen
    agent: str = "Townsquare",
) -> Answer | None:
    """What stands at the address, of one of the accepted media types; nothing if it is as known.

    SourceFailed for everything that may not be asked, does not come, or is not as it should be.
    """
    headers = _headers(accepted, known, agent)
    with _followed(url, headers, policy) as (response, last, moved):
        answer = _answer(response, last, accepted, policy, known)
        return answer and answer._replace(moved=moved)


class Reached(NamedTuple):
    """What a server says of an address without its body; `moved` as in `Answer`."""

    status: int
    moved: str = ""


def reached(url: str, *, policy: Policy, agent: str) -> Reached:
    """Whether anything stands at the address; SourceFailed where nobody may or does answer."""
    with _followed(url, _headers(("*/*",), Known(), agent), policy) as (response, _last, moved):
        return Reached(response.status, moved)


@contextmanager
def _followed(
    url: str, headers: dict[str, str], policy: Policy
) -> Generator[tuple[HTTPResponse, str, str]]:
    """The answer that is no redirect, its address, and the one that a permanent redirect names."""
    until, seen, moved = time.monotonic() + policy.seconds, list[str](), ""
    while len(seen) <= MAX_REDIRECTS:
        if url in seen:
            raise SourceFailed("it redirects in a circle")
        seen.append(url)
        with _asked(url, headers, policy, until) as response:
            if response.status not in _REDIRECTS:
                yield response, url, moved
                return
            lasting = response.status in _FOR_EVER and (moved or len(seen) == 1)
            url = _led(url, response)
            moved = url if lasting else moved
    raise SourceFailed(f"it redirects more than {MAX_REDIRECTS} times")


def _headers(accepted: Collection[str], known: Known, agent: str) -> dict[str, str]:
    headers = {
        "Accept": ", ".join(sorted(accepted)),
        "Accept-Encoding": "gzip",
        "Connection": "close",
        "User-Agent": agent,
    }
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.modified:
        headers["If-Modified-Since"] = known.modified
    return headers


def _led(url: str, response: HTTPResponse) -> str:
    where = response.headers.get("Location", "")
    # http.client reads headers as Latin-1; what was UTF-8 is quoted byte by byte.
    spelt = quote(where.encode("latin-1", "replace"), safe=_IN_ADDRESSES + "#")
    try:
        return urljoin(url, spelt).partition("#")[0]
    except ValueError:
        raise SourceFailed("it redirects to what is no address") from None


@contextmanager
def _asked(
    url: str, headers: dict[str, str], policy: Policy, until: float
) -> Generator[HTTPResponse]:
    """The answer's head, and its body as far as it is read inside of the block."""
    target = _target(url, policy)
    try:
        with _connected(target, policy, until) as sock:
            connection = HTTPConnection(target.host, target.port)
            connection.auto_open = 0  # it would connect to wherever the name leads by then
            connection.sock = cast("socket.socket", Timed(sock, until))
            connection.request("GET", target.path, headers={"Host": target.authority, **headers})
            yield connection.getresponse()
    except TimeoutError:
        raise SourceFailed(f"it takes longer than {policy.seconds:g} seconds") from None
    except ssl.SSLCertVerificationError as error:
        raise SourceFailed(f"its certificate does not hold: {error.verify_message}") from None
    except ssl.SSLError as error:
        raise SourceFailed(f"no secure connection comes about ({error.reason})") from None
    except (HTTPException, ValueError) as error:
        raise SourceFailed(f"its answer is no HTTP ({type(error).__name__})") from None
    except OSError as error:
        reason = (error.strerror or "no connection comes about").lower()
        raise SourceFailed(f"it cannot be reached: {reason}") from None


def _target(url: str, policy: Policy) -> _Target:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        raise SourceFailed("this is no address") from None
    if parts.scheme not in policy.schemes:
        allowed = " or ".join(policy.schemes)
        raise SourceFailed(f"only {allowed} is asked, and this is `{parts.scheme}:`")
    if not host or "@" in parts.netloc:
        raise SourceFailed("the address names no host, or a user before it")
    path = quote(parts.path or "/", safe=_IN_ADDRESSES)
    path += f"?{quote(parts.query, safe=_IN_ADDRESSES)}" if parts.query else ""
    named = f"[{host}]" if ":" in host else host
    return _Target(parts.scheme, host, port, path, f"{named}:{parts.port}" if parts.port else named)


@contextmanager
def _connected(target: _Target, policy: Policy, until: float) -> Generator[socket.socket]:
    addresses = policy.resolve(target.host, target.port, left(until))
    for address in addresses:
        if not policy.permits(address, target.port):
            raise SourceFailed(f"`{target.host}` leads to {address}, which is not public")
    with _first_open(addresses, target.port, until) as plain:
        if target.scheme == "http":
            yield plain
            return
        plain.settimeout(left(until))
        with policy.tls().wrap_socket(plain, server_hostname=target.host) as secure:
            yield secure


def _first_open(addresses: Sequence[str], port: int, until: float) -> socket.socket:
    failed: OSError | None = None
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=left(until))
        except OSError as error:
            failed = error
    raise failed or SourceFailed("its host has no address")


def _answer(
    response: HTTPResponse, url: str, accepted: Collection[str], policy: Policy, known: Known
) -> Answer | None:
    if response.status == 304 and any(known):
        return None
    if response.status != 200:
        raise SourceFailed(f"it answers with {response.status}")
    stated = response.headers.get("Content-Type", "")
    kind = stated.partition(";")[0].strip().lower()
    if kind not in accepted:
        named = re.sub(r"[^\w.+/-]", "", kind)[:60] or "nothing"
        raise SourceFailed(f"it says that it is `{named}`, not {' or '.join(sorted(accepted))}")
    charset = re.search(r"charset=[\"']?([\w.:-]{1,40})", stated, re.IGNORECASE)
    said = Known(
        _kept(response.headers.get("ETag", "")), _kept(response.headers.get("Last-Modified", ""))
    )
    return Answer(_body(response, policy.max_bytes), charset[1] if charset else "", url, said)


def _kept(header: str) -> str:
    """The header's value where it can be sent back; it is kept in a file that people read."""
    return header if re.fullmatch(r"[\x20-\x7e]{1,200}", header) and header.strip() else ""


def _body(response: HTTPResponse, most: int) -> bytes:
    blocks, size = list[bytes](), 0
    while block := response.read(_BLOCK):
        blocks.append(block)
        size += len(block)
        if size > most:
            raise SourceFailed(f"it is larger than {most} bytes")
    if response.length:
        raise SourceFailed("it breaks off before its end")
    match response.headers.get("Content-Encoding", "identity").strip().lower():
        case "identity" | "":
            return b"".join(blocks)
        case "gzip" | "x-gzip":
            return _inflated(b"".join(blocks), most)
        case _:
            raise SourceFailed("it is packed in a way that was not asked for")


def _inflated(data: bytes, most: int) -> bytes:
    machine = zlib.decompressobj(wbits=31)
    try:
        unpacked = machine.decompress(data, most + 1)
    except zlib.error:
        raise SourceFailed("it says that it is packed, and is not") from None
    if len(unpacked) > most:
        raise SourceFailed(f"it is larger than {most} bytes when unpacked")
    if not machine.eof:
        raise SourceFailed("it breaks off before its end")
    return unpacked
