"""What stands in feeds, whatever their format: items, and the channels that hold them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any, Protocol
from urllib.parse import quote

from townsquare import times
from townsquare.community import EPOCH, Community, Named
from townsquare.feeds import recordings
from townsquare.feeds.recordings import Enclosure
from townsquare.imports import shown
from townsquare.imports.shown import Ref
from townsquare.ledger import Revision
from townsquare.model import Credited, Entry, Version
from townsquare.patterns import pattern
from townsquare.recurrence import Occurrence
from townsquare.settings import Settings
from townsquare.values import named, value
from townsquare.wordbook import gettext as _
from townsquare.wordbook import host, joined, label, span

# XML 1.0 §2.2 allows no other control, no surrogate and neither U+FFFE nor U+FFFF; C1 controls and
# U+FDD0 to U+FDEF it discourages. feedgen raises for some of them and writes the rest.
_UNWRITABLE = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_PERMALINK = pattern(r'<a [^<>]*class="headerlink"[^<>]*>.*?</a>')
_PREFIXES = {
    "cancelled": _("Cancelled: %(title)s"),
    "postponed": _("Postponed: %(title)s"),
    "rescheduled": _("Moved: %(title)s"),
    "moved-online": _("Moved online: %(title)s"),
}


@value
class Author:
    """Who made an item; `url` is their page, where they have one."""

    name: str
    url: str = ""


@named
class Item:
    """One entry of a feed. `content` is safe HTML with whole addresses, `summary` plain text.

    `id` is a tag: URI; stamps are UTC; `topics` are the titles of tags by slug.
    """

    id: str
    title: str
    url: str
    published: datetime
    updated: datetime
    content: str
    summary: str
    authors: tuple[Author, ...] = ()
    topics: tuple[tuple[str, str], ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str = ""
    language: str = ""


@named
class Channel:
    """A feed without its items. `url` is its own address, `home` that of the page it belongs to.

    `links` are further ones by relation; `archive` says that the document is an RFC 5005 archive.
    """

    id: str
    title: str
    description: str
    url: str
    home: str
    author: str
    language: str
    links: tuple[tuple[str, str], ...] = ()
    archive: bool = False


class Updated(Protocol):
    """What was updated at some instant."""

    @property
    def updated(self) -> datetime:
        """The instant, UTC."""
        ...


def latest(items: Iterable[Updated]) -> datetime:
    """When the newest of the items was updated; a constant where there are none."""
    return max((item.updated for item in items), default=EPOCH)


def tag_uri(settings: Settings, *parts: str) -> str:
    """An id that no change of address changes: `tag:example.org,2026:post:welcome` (RFC 4151)."""
    return f"tag:{settings.authority_name()}:" + ":".join(quote(part, safe="") for part in parts)


def writable(text: str) -> str:
    """The text without what XML cannot hold."""
    return _UNWRITABLE.sub("", text)


def post(community: Community, entry: Entry[Any]) -> Item:
    """The item of a Published entry: its whole text, signed by its authors."""
    paid = getattr(entry.fields, "sponsored", False)
    return _item(
        community,
        entry,
        title=_("Sponsored: %(title)s") % {"title": entry.title} if paid else entry.title,
        published=community.published(entry),
        updated=max(community.published(entry), community.updated(entry)),
        content=(_paid_by(community, entry) if paid else "") + _body(community, entry),
        enclosures=tuple(recordings.enclosures(community, entry)),
    )


def _paid_by(community: Community, entry: Entry[Any]) -> str:
    """Who paid for it, in front of its text; a partner that is hidden is not named."""
    found = (community.library.find("partner", id) for id in entry.fields.partners)
    names = [each.title for each in found if each and community.library.shown(each)]
    who = joined(names) or _("a partner")
    return f"<p>{escape(_('Sponsored: %(who)s paid for this post.') % {'who': who})}</p>\n"


def announcement(community: Community, entry: Entry[Any], revision: Revision) -> Item:
    """The item of a Dated entry, with what has become of it in front of its title.

    It is updated when SEQUENCE rises, so that readers are told of a new time and of nothing less.
    """
    details = community.schedule(entry).details
    title = _PREFIXES.get(details.status, "%(title)s") % {"title": entry.title}
    return _item(
        community,
        entry,
        title=title,
        published=revision.created,
        updated=revision.modified,
        content=_when_and_where(community, entry) + _body(community, entry),
    )


def deleted(community: Community, key: str, title: str, address: str, revision: Revision) -> Item:
    """The item of an event whose file is gone: cancelled, under the id that it always had."""
    title = _PREFIXES["cancelled"] % {"title": title}
    return Item(
        id=tag_uri(community.settings, *key.split(":", 1)),
        title=writable(title),
        url=community.settings.absolute(quote(address)),
        published=revision.created,
        updated=revision.modified,
        content=f"<p>{escape(writable(title))}</p>",
        summary=writable(title),
    )


def imported(community: Community, ref: Ref) -> Item:
    """The item of a partner's post: its beginning, whose it is, and the way to where it stands."""
    post, settings = shown.post(community, ref), community.settings
    partner = Author(writable(ref.partner.title), settings.absolute(quote(ref.partner.address)))
    words = {"partner": _to(partner.url, partner.name), "host": _to(post.url, host(post.url))}
    told = [escape(post.summary or ""), _("From %(partner)s; read it on %(host)s.") % words]
    return Item(
        id=tag_uri(settings, "imported", ref.partner.id, post.id),
        title=post.title,
        url=post.url,
        published=post.date,
        updated=post.date,
        content="".join(f"<p>{line}</p>\n" for line in told if line),
        summary=post.summary or "",
        authors=(Author(post.author), partner) if post.author else (partner,),
    )


def _to(url: str, text: str) -> str:
    return f'<a href="{escape(url)}">{escape(text)}</a>'


def change_id(settings: Settings, entry: Entry[Any], version: Version) -> str:
    """The id of one version of a Versioned entry."""
    return tag_uri(settings, entry.kind.name, entry.id, version.name)


def change(community: Community, entry: Entry[Any], version: Version) -> Item:
    """The item of one version of a Versioned entry."""
    day = times.instant(version.day, community.settings.timezone)
    words = {"title": entry.title, "version": version.name}
    return _item(
        community,
        entry,
        id=change_id(community.settings, entry, version),
        title=_("%(title)s, version %(version)s") % words,
        published=day,
        updated=day,
        content=f"<p>{escape(version.summary)}</p>",
        summary=version.summary,
    )


def _item(community: Community, entry: Entry[Any], **made: Any) -> Item:
    fields, library = entry.fields, community.library
    body = community.bodies[entry.path]
    usual: dict[str, Any] = {
        "id": tag_uri(community.settings, entry.kind.name, entry.id),
        "title": entry.title,
        "url": community.settings.absolute(quote(entry.address)),
        "summary": fields.summary() or body.summary_text,
        "authors": tuple(_authors(community, entry)),
        "topics": tuple((slug, library.tags[slug].title) for slug in library.tags_of(entry)),
        "image": recordings.file_url(community, entry, fields.image.src) if fields.image else "",
        "language": fields.language or "",
    }
    texts = usual | made
    for name in ("title", "summary", "content"):
        texts[name] = writable(texts[name])
    return Item(**texts)


def _authors(community: Community, entry: Entry[Any]) -> list[Author]:
    if not isinstance(entry.fields, Credited):
        return []
    named = [community.named(who) for role, who in entry.fields.credits() if role == "author"]
    return [_author(community.settings, who) for who in named]


def _author(settings: Settings, who: Named) -> Author:
    page = settings.absolute(quote(who.address)) if who.address else who.url
    return Author(writable(who.name), page)


def _body(community: Community, entry: Entry[Any]) -> str:
    """The whole text with whole addresses, without the marks that link to its headings."""
    return community.addresses.in_feed(_PERMALINK.sub("", community.bodies[entry.path].html))


def _when_and_where(community: Community, entry: Entry[Any]) -> str:
    """The first date, single dates that differ, and the place: nothing that time alone changes."""
    schedule = community.schedule(entry)
    details = schedule.details
    held = (*(schedule.sessions or community.occurrences(entry)[:1]), *schedule.changes)
    told = [details.status_note, *dict.fromkeys(_date(each) for each in held)]
    told += [details.place.line() if details.place else "", details.description]
    return "".join(f"<p>{escape(line)}</p>\n" for line in told if line)


def _date(held: Occurrence) -> str:
    """When it takes place, in its own zone, and what became of it."""
    end = held.last_day if held.all_day else held.end
    when = f"{span(held.start, end if held.end_stated else None)} ({held.zone})"
    fate = label(held.details.status) if held.details.status != "confirmed" else ""
    note = held.details.status_note if held.changed else ""
    return f"{when}: {'. '.join(filter(None, (fate, note)))}" if fate or note else when
