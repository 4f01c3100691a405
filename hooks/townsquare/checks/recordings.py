"""Recordings: what those get who cannot hear them, and what podcast directories ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from townsquare.checks.context import Context
from townsquare.kinds.post import Post
from townsquare.model import Entry
from townsquare.podcasts import COVERS
from townsquare.problems import Problem, problem


def transcript_missing(_context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Recordings without a transcript, and films that have no captions either."""
    media = entry.fields.media if isinstance(entry.fields, Post) else None
    if media and not media.transcript and not (media.captions and media.type == "video"):
        what = "`transcript`, or `captions`" if media.type == "video" else "`transcript`"
        hint = f"add {what}: a machine's draft, read through by a person, will do"
        message = "what is said can only be heard"
        yield problem("transcript_missing", entry.place("media"), message, hint)


def recording_size_unknown(_context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Episodes on another host whose size nobody has told: a file of our own tells its own."""
    media = entry.fields.media if isinstance(entry.fields, Post) else None
    if media and media.type == "audio" and media.url and not media.file and not media.bytes:
        message = "nothing says how large the recording is, and the podcast says 0 bytes"
        hint = "add `bytes: …`, as its host or your file manager tells it"
        yield problem("recording_size_unknown", entry.place("media", "url"), message, hint)


def podcast_cover_missing(context: Context) -> Iterator[Problem]:
    """A podcast without the picture that directories require, told at its oldest episode."""
    if any(path in context.library.assets for path in COVERS):
        return
    heard = [
        entry for entry in context.library.visible(Post)
        if entry.fields.media and entry.fields.media.type == "audio"
    ]  # fmt: skip
    if heard:
        first = min(heard, key=lambda entry: (str(entry.fields.date), entry.id))
        message = "the podcast has no picture, and directories will not list it"
        hint = f"add {COVERS[1]}: square, 1400 to 3000 pixels wide"
        yield problem("podcast_cover_missing", first.place("media"), message, hint)
