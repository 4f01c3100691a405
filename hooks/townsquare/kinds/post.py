"""Posts: the community's news, in content/blog."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal

from townsquare import times
from townsquare.fields import Doc, Parsed, record
from townsquare.model import (
    Count,
    Credit,
    Credited,
    EventId,
    Fields,
    FilePath,
    Finding,
    Flag,
    Image,
    Kind,
    Language,
    Line,
    PartnerId,
    Published,
    Slug,
    Url,
    below,
)
from townsquare.settings import Settings


@record
class Track:
    """Captions of a recording in one language."""

    __shorthand__ = "file"

    file: Annotated[FilePath, Doc("The captions, WebVTT, beside this file.", "talk.vtt")]
    language: Annotated[Language | None, Doc("If not the text's own.", "de")] = None


@record
class Media:
    """A recording that the post is about."""

    type: Annotated[Literal["video", "audio"], Doc("`video` or `audio`.", "audio")]
    url: Annotated[Url | None, Doc("Where it is.", "https://example.org/episode-1.mp3")] = None
    file: Annotated[FilePath | None, Doc("Or a file beside this one.", "episode-1.mp3")] = None
    mime: Annotated[Line | None, Doc("Its media type.", "audio/mpeg")] = None
    bytes: Annotated[Count | None, Doc("Its size in bytes, for podcast apps.", "12345678")] = None
    duration: Annotated[
        timedelta | None, Parsed(times.parse_duration, format="1h30m"), Doc("Its length.", "42m")
    ] = None
    poster: Annotated[Image | None, Doc("A still picture of a video.")] = None
    explicit: Annotated[
        Flag | None, Doc("Whether it is not for children, if not as the whole podcast.", "no")
    ] = None
    transcript: Annotated[FilePath | None, Doc("What is said, as text.", "episode-1.md")] = None
    captions: Annotated[
        tuple[Track, ...], Doc("Captions, WebVTT; one file, or one a language.", "[talk.vtt]")
    ] = ()


@record
class Post(Credited, Published, Fields):
    """News, dated and signed."""

    authors: Annotated[tuple[Credit, ...], Doc("Who wrote it: people's ids.", "[ana]")] = ()
    series: Annotated[Slug | None, Doc("A word that posts of one series share.", "moderation")] = (
        None
    )
    pinned: Annotated[Flag, Doc("Keep it at the top of the list.", "yes")] = False
    media: Annotated[
        Media | None,
        Doc(
            "A video or a sound recording.", "{type: audio, url: https://example.org/episode-1.mp3}"
        ),
    ] = None
    event: Annotated[EventId | None, Doc("The event that it is about.", "may-call")] = None
    partners: Annotated[tuple[PartnerId, ...], Doc("Partners named in it.", "[acme]")] = ()
    sponsored: Annotated[Flag, Doc("A partner paid for it; it says so.", "yes")] = False
    canonical: Annotated[
        Url | None, Doc("Where it was published first.", "https://example.org/first")
    ] = None

    def credits(self) -> Iterator[tuple[str, Credit]]:
        """The authors."""
        return (("author", who) for who in self.authors)


def check(post: Post, _settings: Settings) -> Iterator[Finding]:
    """Faults that a post has by itself."""
    if post.media and not post.media.url and not post.media.file:
        yield Finding(("media",), "field_missing", "the recording has no address", "add `url: …`")
    if post.sponsored and not post.partners:
        message = "a sponsored post names no partner"
        yield Finding(("sponsored",), "field_missing", message, "add `partners: [id]`")


KIND = Kind(
    name="post",
    fields=Post,
    matches=below("content/blog/"),
    template="post.html",
    folder="content/blog",
    section="blog",
    yearly=True,
    check=check,
)
