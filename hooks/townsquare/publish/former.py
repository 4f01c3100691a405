"""The addresses of a built site at which something once stood, for hosts that answer by a code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from urllib.parse import quote

from townsquare import ledger
from townsquare.ledger import Ledger
from townsquare.values import value

_LEADS_ON = b'<meta http-equiv="refresh"'
_NOT_INDEXED = re.compile(rb'<meta name="robots" content="noindex')
_CANONICAL = re.compile(rb'<link rel="canonical" href="([^"]*)"')


@value
class Former:
    """Old addresses and where they lead, and those whose entry is gone, each sorted."""

    moved: Mapping[str, str]
    removed: tuple[str, ...]


def of_site(folder: Path) -> Former:
    """What the site's ledger remembers, as far as the site's own pages at those addresses agree."""
    known = ledger.decode((folder / ledger.FILE).read_bytes(), where=str(folder))
    moved = dict(sorted(_moved(folder, known)))
    return Former(moved, tuple(sorted({*_removed(folder, known)} - moved.keys())))


def _moved(folder: Path, known: Ledger) -> Iterator[tuple[str, str]]:
    for entry in known.entries.values():
        for old in entry.former if entry.gone is None else ():
            page = _page(folder, old)
            if _LEADS_ON in page and _canonical(page).endswith(f"/{quote(entry.address)}"):
                yield old, entry.address


def _removed(folder: Path, known: Ledger) -> Iterator[str]:
    for entry in known.entries.values():
        for address in entry.addresses if entry.gone is not None else ():
            page = _page(folder, address)
            if _NOT_INDEXED.search(page) and _LEADS_ON not in page:
                yield address


def _page(folder: Path, address: str) -> bytes:
    file = folder / (f"{address}index.html" if address.endswith("/") else address)
    return file.read_bytes() if file.is_file() else b""


def _canonical(page: bytes) -> str:
    found = _CANONICAL.search(page)
    return unescape(found[1].decode()) if found else ""
