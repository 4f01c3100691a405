"""Files that front matter names by their path from the entry's own file."""

from __future__ import annotations

import posixpath
from typing import Any

from townsquare.library import Asset, Library
from townsquare.model import Entry

MEDIA_TYPES = {
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "opus": "audio/ogg",
    "mp4": "video/mp4", "webm": "video/webm", "vtt": "text/vtt", "srt": "application/x-subrip",
}  # fmt: skip


def media_type(url: str) -> str:
    """The media type by the file's ending, else nothing.

    What the machine knows of types must not matter.
    """
    ending = url.partition("?")[0].rpartition(".")[2].lower()
    return MEDIA_TYPES.get(ending, "")


def path_beside(entry: Entry[Any], path: str) -> str:
    """The path in the repository."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), path))


def is_elsewhere(link: str) -> bool:
    """Whether a link in front matter leads to another site, or is an address to write to."""
    return link.startswith(("https://", "http://", "mailto:"))


def asset_beside(library: Library, entry: Entry[Any], path: str) -> Asset | None:
    """The published file, if it is there."""
    return library.assets.get(path_beside(entry, path))


def address_beside(library: Library, entry: Entry[Any], path: str | None) -> str:
    """The address of a published file or of a page that readers see, else nothing."""
    if not path:
        return ""
    if asset := asset_beside(library, entry, path):
        return asset.address
    page = library.by_path.get(path_beside(entry, path))
    return page.address if page and library.shown(page) else ""
