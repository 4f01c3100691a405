"""What lists print of an entry, and pages as every section makes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from townsquare.beside import address_beside
from townsquare.bodies import Body, Heading
from townsquare.community import Community, Named
from townsquare.model import Dated, Entry, Published
from townsquare.pages import FeedLink, Page
from townsquare.views import occurrences


class Linked(NamedTuple):
    """A name and the page that it leads to; no address means that there is none to open."""

    title: str
    address: str = ""


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
        getattr(fields, "sponsored", False),
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
    )


def _when(community: Community, entry: Entry[Any]) -> date | datetime | None:
    if isinstance(entry.fields, Dated):
        held = occurrences.representative(community, entry)
        return held.start if held else None
    return entry.fields.date if isinstance(entry.fields, Published) else None


def of_kind(community: Community, name: str) -> list[Entry[Any]]:
    """What readers see of a kind, by path."""
    library = community.library
    return [e for e in library.entries if e.kind.name == name and library.shown(e)]


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
    return Linked(entry.title, entry.address)


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


OPENING = 160
_OWN = ("canonical", "description", "feeds", "headings", "in_nav", "order", "structured")


def entry_page(community: Community, entry: Entry[Any], /, **more: Any) -> Page:
    """The entry's own page. Its template gets `entry`, `converted`, `tags`, `picture` and `more`.

    Names of `Page`'s own fields among `more` (`feeds`, `structured`) are set on the page.
    """
    own = {name: more.pop(name) for name in _OWN if name in more}
    text = body_of(community, entry)
    shown = picture(community, entry, entry.fields.image)
    return Page(
        address=entry.address,
        title=entry.title,
        template=entry.kind.template,
        data={
            "entry": entry,
            "converted": text,
            "tags": tags_of(community, entry),
            "picture": shown,
        }
        | more,
        description=own.pop("description", "") or entry.fields.summary() or _opening(text),
        section=f"{entry.kind.section}/" if entry.kind.section else "",
        source=entry.path,
        headings=own.pop("headings", text.headings if text else ()),
        image=shown.address if shown else "",
        language=entry.fields.language or "",
        **own,
    )


def _opening(text: Body | None) -> str:
    """The beginning of the text, as long as search engines show it; cut between words."""
    line = " ".join(text.summary_text.split()) if text else ""
    if len(line) <= OPENING:
        return line
    return line[: OPENING - 1].rpartition(" ")[0] + " …"


def outline(
    community: Community,
    entry: Entry[Any],
    *,
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
) -> tuple[Heading, ...]:
    """The headings of the entry's text between those of its template, given as id and title."""
    text = body_of(community, entry)
    first = (Heading(2, id, title) for id, title in (before or {}).items())
    last = (Heading(2, id, title) for id, title in (after or {}).items())
    return (*first, *(text.headings if text else ()), *last)


def introduction(community: Community, address: str) -> Entry[Any] | None:
    """The file that introduces a generated list: the visible plain page at its address."""
    paths = (f"content/{address}index.md", f"{address}index.md", f"content/{address[:-1]}.md")
    found = (community.library.by_path.get(path) for path in paths)
    return next(
        (e for e in found if e and e.kind.name == "page" and community.library.shown(e)), None
    )


def list_page(
    community: Community,
    address: str,
    title: str,
    template: str,
    data: Mapping[str, Any],
    *,
    description: str = "",
    feeds: tuple[FeedLink, ...] = (),
    nav_order: int | None = None,
) -> Page:
    """A generated list, with the title and text of the file that introduces it, where there is one.

    A list with a `nav_order` stands in the navigation; its introduction's own `order` goes first.
    """
    intro = introduction(community, address)
    text = body_of(community, intro) if intro else None
    order = getattr(intro.fields, "order", None) if intro else None
    return Page(
        address=address,
        title=intro.title if intro else title,
        template=template,
        data={"converted": text, **data},
        description=(intro.fields.summary() if intro else "") or description,
        section=address.partition("/")[0] + "/" if address else "",
        source=intro.path if intro else "",
        headings=text.headings if text else (),
        feeds=feeds,
        in_nav=nav_order is not None,
        order=order if order is not None else nav_order or 1000,
    )
