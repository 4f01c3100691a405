"""What can be heard or seen: the recordings of entries, and files beside them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from townsquare.beside import address_beside, asset_beside, media_type
from townsquare.community import Community
from townsquare.model import Entry
from townsquare.values import value

_USUAL = {"audio": "audio/mpeg", "video": "video/mp4"}


@value
class Enclosure:
    """A recording: its whole address, media type, size in bytes (0: unknown) and length.

    `captions` are whole addresses with their languages, empty where it is the text's own.
    """

    url: str
    type: str
    bytes: int = 0
    duration: timedelta | None = None
    transcript: str = ""
    captions: tuple[tuple[str, str], ...] = ()
    explicit: bool | None = None


def has_recording(community: Community, entry: Entry[Any]) -> bool:
    """Whether the entry can be heard: that it can be seen makes no episode of it."""
    media = getattr(entry.fields, "media", None)
    return media is not None and media.type == "audio" and bool(_media_url(community, entry))


def enclosures(community: Community, entry: Entry[Any]) -> list[Enclosure]:
    """The recording of an entry that has one; a video's too, for readers that play it."""
    media = getattr(entry.fields, "media", None)
    if media is None:
        return []
    url = _media_url(community, entry)
    beside = asset_beside(community.library, entry, media.file) if media.file else None
    size = media.bytes or (beside.size if beside else 0)
    transcript = file_url(community, entry, media.transcript)
    kind = media.mime or media_type(url) or _USUAL[media.type]
    tracks = ((file_url(community, entry, t.file), t.language or "") for t in media.captions)
    captions = tuple((found, language) for found, language in tracks if found)
    found = Enclosure(url, kind, size, media.duration, transcript, captions, media.explicit)
    return [found] if url else []


def _media_url(community: Community, entry: Entry[Any]) -> str:
    media = entry.fields.media
    return media.url or file_url(community, entry, media.file)


def file_url(community: Community, entry: Entry[Any], path: str | None) -> str:
    """The whole address of a file beside the entry, else nothing."""
    address = address_beside(community.library, entry, path)
    return community.settings.absolute(quote(address)) if address else ""
