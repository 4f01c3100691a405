"""Addresses of the site, and a body's private links made public.

A body holds links into the repository as `townsquare:path#fragment`, so that one conversion serves
pages, lists and feeds; no author can type them, because sanitising knows no such scheme. An
address is a path from the site's root, without a slash at its start: `blog/x/`, `events.ics`, and
nothing for the front page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache, cached_property
from html import escape, unescape
from posixpath import dirname, normpath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from townsquare.patterns import pattern
from townsquare.values import value

if TYPE_CHECKING:
    from townsquare.library import Library

Resolve = Callable[[str, str], str | None]
Sizes = Callable[[str], tuple[int, int] | None]

_PRIVATE = "townsquare:"
_SAFE = "/:@!$&'()*+,;=~"
_LINK = pattern(r'<a href="townsquare:([^"#|]*)(?:\|([^"#]*))?(?:#([^"]*))?"([^<>]*)>')
_IMAGE = pattern(r'<img src="townsquare:([^"#|]*)(?:#([^"]*))?"([^<>]*)>')
_ALT = pattern(r' alt="([^"]*)"')


@value
class Addresses:
    """Where the repository's files stand on the site.

    `files` maps the path of each visible entry's and asset's file to its address. `outputs` are the
    addresses of what has no file of its own: lists, feeds, calendars, redirects.
    """

    site_url: str
    files: Mapping[str, str]
    outputs: Callable[[], Collection[str]] = tuple

    @classmethod
    def of(cls, library: Library, outputs: Callable[[], Collection[str]] = tuple) -> Addresses:
        """The addresses of what readers see of the library, and of these outputs."""
        files = {entry.path: entry.address for entry in library.readable()}
        files |= {path: asset.address for path, asset in library.assets.items()}
        return cls(library.settings.site_url, files, outputs)

    @cached_property
    def _of_files(self) -> frozenset[str]:
        return frozenset(self.files.values())

    @cached_property
    def _of_outputs(self) -> frozenset[str]:
        # Most links lead to files, and most checks never need to know what else is made.
        return frozenset(self.outputs())

    def find(self, path: str) -> str | None:
        """The address of a file, folder or address of the repository, or nothing.

        `events/` is the folder and its page, `content/blog/` is `blog/`, `/` the front page.
        """
        if path in self.files:
            return self.files[path]
        if path.endswith(".md"):
            return None
        wanted = forms(path)
        return min(self._of_files & wanted or self._of_outputs & wanted, default=None)

    def in_page(self, html: str, address: str, sizes: Sizes | None = None) -> str:
        """The body's HTML or summary with links relative to the page at `address`."""

        def resolve(path: str, fragment: str) -> str | None:
            target = self.find(path)
            if target is None:
                return None
            if target == address and fragment:
                return f"#{quote(fragment, safe=_SAFE)}"
            return relative(address, target) + _after(fragment)

        return with_links(html, resolve, sizes)

    def in_feed(self, html: str, sizes: Sizes | None = None) -> str:
        """The body's HTML or summary with every link absolute."""

        def resolve(path: str, fragment: str) -> str | None:
            target = self.find(path)
            return None if target is None else absolute(self.site_url, target) + _after(fragment)

        return with_links(html, resolve, sizes)


def forms(path: str) -> set[str]:
    """The addresses that a path may mean which names no file."""
    address = path.removeprefix("content/").removesuffix("index.html").lstrip("/")
    return {address, f"{address}/"}


def relative(from_address: str, to_address: str) -> str:
    """The link from one address to another, percent-encoded: `../../blog/x/`; `./` to itself."""
    here = from_address.split("/")[:-1]
    there = to_address.split("/")
    shared, most = 0, min(len(here), len(there) - 1)
    while shared < most and here[shared] == there[shared]:
        shared += 1
    path = "../" * (len(here) - shared) + _encoded("/".join(there[shared:]))
    return f"./{path}" if not path or ":" in path.split("/")[0] else path


@cache
def _encoded(path: str) -> str:
    # Of a large site's links, nine in ten lead where another leads.
    return quote(path, safe=_SAFE)


def absolute(site_url: str, address: str) -> str:
    """The full web address, percent-encoded."""
    return f"{site_url.rstrip('/')}/{_encoded(address)}"


def with_links(html: str, resolve: Resolve, sizes: Sizes | None = None) -> str:
    """The body's HTML with its private links replaced by what `resolve(path, fragment)` gives.

    Where it gives nothing, a link's text stays without a link, and an image's description stays in
    its place. `sizes(path)` gives an image's width and height in pixels, or nothing.
    """

    def link(found: re.Match[str]) -> str:
        fragment = unescape(found[3] or "")
        paths = [unquote(each) for each in (found[1], found[2]) if each]
        href = next((url for each in paths if (url := resolve(each, fragment)) is not None), None)
        if href is not None:
            return f'<a href="{escape(href)}"{found[4]}>'
        return f"<a{found[4]}>"

    def image(found: re.Match[str]) -> str:
        path, rest = unquote(found[1]), found[3]
        src = resolve(path, unescape(found[2] or ""))
        if src is None:
            alt = _ALT.search(rest)
            return alt[1] if alt else ""
        size = sizes(path) if sizes and " width=" not in rest and " height=" not in rest else None
        room = f' width="{size[0]}" height="{size[1]}"' if size else ""
        return f'<img src="{escape(src)}"{rest}{room}>'

    if _PRIVATE not in html:
        return html
    return _IMAGE.sub(image, _LINK.sub(link, html))


def meant(raw: str, path: str) -> tuple[str, str, str]:
    """What a relative address in the file `path` means: path, second reading, fragment.

    A path from the repository's root, with `/` at its end for folders and alone for the root. The
    second reading is from the page's address, as sites with directory addresses link.
    """
    address, _, fragment = raw.partition("#")
    address = unquote(address.partition("?")[0].replace("\\", "/"))
    fragment = unquote(fragment)
    if not address:
        return path, "", fragment
    if address.startswith("/"):
        return _normal(address[1:]), "", fragment
    here = _normal(f"{dirname(path)}/{address}")
    if address.endswith(".md") or path.endswith("/index.md"):
        return here, "", fragment
    return here, _normal(f"{path.removesuffix('.md')}/{address}"), fragment


def _normal(path: str) -> str:
    normal = normpath("./" + path)
    if normal == ".":
        return "/"
    return normal + "/" * (path.endswith(("/", "/.", "/..")))


def private(path: str, or_path: str, fragment: str) -> str:
    """The private address of these, escaped for an attribute."""
    second = f"|{quote(or_path)}" if or_path else ""
    return f"{_PRIVATE}{quote(path)}{second}" + (f"#{escape(fragment)}" if fragment else "")


def _after(fragment: str) -> str:
    return f"#{quote(fragment, safe=_SAFE)}" if fragment else ""
