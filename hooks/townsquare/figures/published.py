"""Which addresses stand on the site: figures of readers name no other.

What was read once may be hidden now, or belong to somebody who was erased.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import quote, unquote

from townsquare import catalogue, feeds
from townsquare.community import Community
from townsquare.queries import query

_INDEX = "index.html"


@query
def addresses(community: Community) -> list[str]:
    """The addresses of entries that readers see, of the folders above them, of feeds and calendars.

    Sorted, from the site's root. Lists that a template divides into pages are not among them.
    """
    entries = {entry.address for entry in community.readable()}
    calendars = list(catalogue.calendars(community))
    pages = entries | {each.page for each in calendars}
    machines = {*feeds.machines(community), *(each.address for each in calendars)}
    return sorted(pages | {folder for page in pages for folder in _above(page)} | machines)


def _above(address: str) -> list[str]:
    """The folders in which the address stands: of `blog/x/` the site's root and `blog/`."""
    parts = address.rstrip("/").split("/")[:-1]
    return ["".join(f"{part}/" for part in parts[:number]) for number in range(len(parts) + 1)]


def named(path: str, base: str, known: Collection[str]) -> str:
    """The path in a log as one of these addresses, after a slash; empty where it is none of them.

    `base` is the path of the site's root, which a log may hold or not.
    """
    own = unquote(path.removeprefix(base) if path.startswith(base) else path.lstrip("/"))
    own = own.removesuffix(_INDEX)
    return f"/{quote(own)}" if own in known else ""
