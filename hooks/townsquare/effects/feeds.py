"""What feed readers show: posts as items, and events as announcements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from townsquare.community import Community
from townsquare.effects.records import Change, How, Pair
from townsquare.feeds import items, selections
from townsquare.feeds.items import Item
from townsquare.model import Entry
from townsquare.wordbook import _, day, joined

_PARTS = (
    ("title", _("title")),
    ("url", _("address")),
    ("content", _("text")),
    ("summary", _("summary")),
    ("authors", _("authors")),
    ("topics", _("topics")),
    ("enclosures", _("recording")),
    ("image", _("picture")),
    ("language", _("language")),
    ("published", _("date")),
)


def changes(pair: Pair) -> Iterator[Change]:
    """Each item that appears, changes or leaves, and each event that readers are told of."""
    old, new = _posts(pair.before.community), _posts(pair.after.community)
    for key, entry in new.items():
        if key not in old:
            yield _of("feeds", "added", entry, *_where(pair.after.community, entry))
        elif notes := _otherwise(_item(pair.before, old[key]), _item(pair.after, entry)):
            yield _of("feeds", "changed", entry, *notes)
    for key, entry in old.items():
        if key not in new:
            note = _("leaves the feeds; whoever fetched it keeps a copy")
            yield _of("feeds", "removed", entry, note)
    yield from _announcements(pair)


def _of(group: Any, how: How, entry: Entry[Any], *notes: str) -> Change:
    return Change(group, how, entry.title, entry.kind.name, entry.address, entry.path, notes)


def _posts(community: Community) -> Mapping[str, Entry[Any]]:
    return {entry.key: entry for entry in community.posts}


def _item(edition: Any, entry: Entry[Any]) -> Item:
    return items.post(edition.community, entry)


def _where(community: Community, entry: Entry[Any]) -> Iterator[str]:
    """The feeds in which it stands, by the names that readers know them by."""
    if entry not in selections.newest(community):
        words = {"num": selections.NEWEST}
        yield _("older than the newest %(num)d posts: it stands in the archive only") % words
        return
    item = items.post(community, entry)
    names = [_("all posts"), *(title for _slug, title in item.topics)]
    names += [who.name for who in item.authors if who.url.startswith(community.settings.site_url)]
    yield _("subscribers to %(names)s see it") % {"names": joined(names)}


def _otherwise(old: Item, new: Item) -> tuple[str, ...]:
    parts = [word for name, word in _PARTS if getattr(old, name) != getattr(new, name)]
    if old.updated != new.updated:
        words = {"day": day(new.updated.date())}
        return (*_listed(parts), _("feed readers may show it as updated on %(day)s") % words)
    if not parts:
        return ()
    return (*_listed(parts), _("keeps its date: few feed readers show it again"))


def _listed(parts: list[str]) -> list[str]:
    return [", ".join(parts)] if parts else []


def _announcements(pair: Pair) -> Iterator[Change]:
    """Events of which readers of the events' feed are told, and what they are told."""
    before, after = pair.before.outcome.announced, pair.after.outcome.announced
    for key, revision in after.items():
        entry = pair.new[key]
        if key not in before:
            yield _of("announcements", "added", entry, _("announced to those who follow events"))
        elif before[key].modified != revision.modified:
            title = items.announcement(pair.after.community, entry, revision).title
            note = _("told again, as “%(title)s”") % {"title": title}
            yield _of("announcements", "changed", entry, note)
    for key in before.keys() - after.keys():
        gone = pair.after.outcome.ledger.entries[key]
        told = _("no longer announced") if gone.hidden else _("told that it is cancelled")
        yield _of("announcements", "removed", pair.old[key], told)
