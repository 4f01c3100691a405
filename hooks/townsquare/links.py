"""STAND-IN until the bodies engineer puts the real links.py here (replace this file freely)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import Any

_PRIVATE = re.compile(r'(?P<name>href|src)="townsquare:(?P<path>[^"#]*)(?P<fragment>#[^"]*)?"')


def relative(from_address: str, to_address: str) -> str:
    base = posixpath.dirname(from_address) if not from_address.endswith("/") else from_address.rstrip("/")
    target = to_address or "."
    found = posixpath.relpath(target.rstrip("/") or ".", base or ".")
    if to_address.endswith("/") or not to_address:
        found += "/"
    return "./" if found == "./" or found == "." else found


def with_links(html: str, resolve: Callable[[str, str], str | None]) -> str:
    def swap(found: re.Match[str]) -> str:
        to = resolve(found["path"], (found["fragment"] or "").lstrip("#"))
        return f'{found["name"]}="{to}"' if to is not None else ""
    return _PRIVATE.sub(swap, html)


class Addresses:
    def __init__(self, known: dict[str, str], site: Any) -> None:
        self.known = known
        self.site = site

    @classmethod
    def of(cls, library: Any) -> Addresses:
        known = {e.path: e.address for e in library.entries if library.shown(e)}
        known |= {path: asset.address for path, asset in library.assets.items()}
        return cls(known, library.settings)

    def _find(self, path: str) -> str | None:
        for each in (path, path.rstrip("/") + "/index.md"):
            if each in self.known:
                return self.known[each]
        return None

    def in_page(self, html: str, address: str) -> str:
        def resolve(path: str, fragment: str) -> str | None:
            to = self._find(path)
            return None if to is None else relative(address, to) + (f"#{fragment}" if fragment else "")
        return with_links(html, resolve)

    def in_feed(self, html: str) -> str:
        def resolve(path: str, fragment: str) -> str | None:
            to = self._find(path)
            return None if to is None else self.site.absolute(to) + (f"#{fragment}" if fragment else "")
        return with_links(html, resolve)
