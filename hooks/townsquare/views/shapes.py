"""Pages in the two shapes that sections share: an entry's own page, and a generated list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from townsquare.bodies import Body, Heading
from townsquare.community import Community
from townsquare.model import Entry
from townsquare.pages import FeedLink, Page
from townsquare.views.lists import body_of, picture, tags_of

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
