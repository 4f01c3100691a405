"""What lists print of an entry, and how entries are gathered for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from townsquare.beside import address_beside
from townsquare.bodies import Body
from townsquare.community import Community, Named
from townsquare.model import Dated, Entry, Published
from townsquare.queries import query

A = TypeVar("A")


class Linked(NamedTuple):
    """A name and the page that it leads to; no address means that there is none to open.

    `sponsored` pages are said to be so wherever they are named.
    """

    title: str
    address: str = ""
    sponsored: bool = False


class Picture(NamedTuple):
    """An image by its address on the site."""

    address: str
    alt: str


class Count(NamedTuple):
    """A list to open and how many entries it holds."""

    title: str
    address: str
    entries: int


class Teaser(NamedTuple):
    """A dated entry as lists show it. `label` names its kind where it is not a post."""

    title: str
    address: str
    date: date | datetime
    authors: tuple[Named, ...]
    tags: tuple[Linked, ...]
    description: str
    summary: Body | None
    pinned: bool
    sponsored: bool
    language: str


def teaser(community: Community, entry: Entry[Any]) -> Teaser:
    """The entry as lists of news show it."""
    fields = entry.fields
    return Teaser(
        entry.title,
        entry.address,
        fields.date,
        tuple(community.named(who) for role, who in credits_of(entry) if role == "author"),
        tags_of(community, entry),
        fields.summary(),
        body_of(community, entry),
        getattr(fields, "pinned", False),
        is_sponsored(entry),
        fields.language or "",
    )


class Item(NamedTuple):
    """Any entry on one line of a list. `date` is none where time does not matter."""

    kind: str
    title: str
    address: str
    date: date | datetime | None
    description: str
    language: str
    sponsored: bool

    @property
    def sorted_by(self) -> str:
        """The date as text that sorts; dates with and without time go together."""
        return self.date.isoformat() if self.date else ""


def item(community: Community, entry: Entry[Any]) -> Item:
    """The entry on one line: news by its date, an event by its next one or else its last."""
    fields = entry.fields
    language = fields.language or ""
    return Item(
        entry.kind.name,
        entry.title,
        entry.address,
        _when(community, entry),
        fields.summary(),
        language,
        is_sponsored(entry),
    )


def is_sponsored(entry: Entry[Any]) -> bool:
    """Whether somebody paid for it."""
    return getattr(entry.fields, "sponsored", False)


def _when(community: Community, entry: Entry[Any]) -> date | datetime | None:
    if isinstance(entry.fields, Dated):
        from townsquare.views import occurrences  # most lists hold no event

        held = occurrences.representative(community, entry)
        return held.start if held else None
    return entry.fields.date if isinstance(entry.fields, Published) else None


@query
def posts_by(community: Community, field: str) -> dict[str, list[Entry[Any]]]:
    """What is Published by what it says in a field, the newest first; else left out."""
    return grouped(community.posts, field)


@query
def posts_where(community: Community, field: str, value: str) -> list[Entry[Any]]:
    """What is Published and says this in a field, the newest first."""
    return posts_by(community, field).get(value, [])


@query
def events_by(community: Community, field: str) -> dict[str, list[Entry[Any]]]:
    """What is Dated by what it says in a field, by first start; else left out."""
    return grouped(community.events, field)


@query
def events_where(community: Community, field: str, value: str) -> list[Entry[Any]]:
    """What is Dated and says this in a field, by first start."""
    return events_by(community, field).get(value, [])


def grouped(entries: Iterable[Entry[Any]], field: str) -> dict[str, list[Entry[Any]]]:
    """Entries by what they say in a field, in their order; without those that say nothing."""
    found: dict[str, list[Entry[Any]]] = {}
    for entry in entries:
        if said := getattr(entry.fields, field, None):
            found.setdefault(said, []).append(entry)
    return found


def with_neighbours(listed: Sequence[A]) -> Iterator[tuple[A | None, A, A | None]]:
    """Each of them between what stands before it and what stands after it."""
    return zip((None, *listed), listed, (*listed[1:], None), strict=False)


def credits_of(entry: Entry[Any]) -> list[tuple[str, Any]]:
    """Who is credited, as (role, credit), of any kind that credits people."""
    return list(entry.fields.credits()) if hasattr(entry.fields, "credits") else []


def tags_of(community: Community, entry: Entry[Any]) -> tuple[Linked, ...]:
    """The entry's tags with the addresses of their pages, in the author's order."""
    library = community.library
    return tuple(tag_link(library.tags[slug].title, slug) for slug in library.tags_of(entry))


def tag_link(title: str, slug: str) -> Linked:
    """A tag and its page."""
    return Linked(title, f"tags/{slug}/")


def body_of(community: Community, entry: Entry[Any]) -> Body | None:
    """The entry's converted text."""
    return community.bodies.get(entry.path)


def linked(community: Community, kind: str, id: str | None) -> Linked | None:
    """An entry that another names; nothing where readers cannot see it."""
    entry = community.library.find(kind, id) if id else None
    return link_to(entry) if entry and community.library.shown(entry) else None


def all_linked(community: Community, kind: str, ids: Iterable[str]) -> tuple[Linked, ...]:
    """The visible ones of the entries that another names, in its order."""
    return tuple(found for id in ids if (found := linked(community, kind, id)))


def link_to(entry: Entry[Any]) -> Linked:
    """The entry's title and page."""
    return Linked(entry.title, entry.address, is_sponsored(entry))


def link_to_key(community: Community, key: str | None) -> Linked | None:
    """The title and page of the entry of this key; nothing for no key."""
    return link_to(community.library.entry(key)) if key else None


def person(community: Community, id: str | None) -> Named | None:
    """A person named by id alone, such as an owner; nobody where readers cannot see them."""
    entry = community.library.find("person", id) if id else None
    if entry is None or not community.library.shown(entry):
        return None
    return Named(entry.title, entry.address, id=entry.id)


def picture(community: Community, entry: Entry[Any], image: Any) -> Picture | None:
    """An image that front matter names, where the file is there."""
    address = address_beside(community.library, entry, image.src) if image else ""
    return Picture(address, image.alt) if address else None
