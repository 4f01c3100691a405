"""Which feeds there are. Addresses come from slugs and ids, never from titles or files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from townsquare.community import Community
from townsquare.model import Credited, Entry, Published
from townsquare.pages import FeedLink
from townsquare.wordbook import gettext as _

RSS, ATOM, JSON = "rss.xml", "atom.xml", "feed.json"
EVENTS, GUIDELINES = "feeds/events.xml", "feeds/guidelines.xml"
PODCAST, OPML = "podcast.xml", "feeds/subscriptions.opml"
TYPES = {RSS: "application/rss+xml", JSON: "application/feed+json", PODCAST: "application/rss+xml"}


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of posts to subscribe to; `name` makes its id, `page` is the address it belongs to."""

    address: str
    title: str
    page: str
    name: tuple[str, ...]
    entries: tuple[Entry[Any], ...] = ()


def main(community: Community) -> Feed:
    """All posts, the newest first: `atom.xml`, and the same as RSS and JSON."""
    return Feed(ATOM, community.settings.site_name, "", ("posts",), tuple(community.posts))


def by_tag(community: Community) -> Iterator[Feed]:
    """A feed for each tag that is listed or used, by slug."""
    for slug, entries in sorted(community.tagged.items()):
        carried = {entry.key for entry in entries if isinstance(entry.fields, Published)}
        title = _("%(site)s: %(tag)s") % _words(community, tag=community.library.tags[slug].title)
        posts = tuple(entry for entry in community.posts if entry.key in carried)
        yield Feed(f"feeds/tags/{slug}.xml", title, f"tags/{slug}/", ("tag", slug), posts)


def by_person(community: Community) -> Iterator[Feed]:
    """A feed for each person that has a page, also before their first post."""
    written = _written(community)
    for entry in community.library.entries:
        if entry.kind.name == "person" and community.library.shown(entry):
            title = _("%(site)s: posts by %(name)s") % _words(community, name=entry.title)
            at, posts = f"feeds/people/{entry.id}.xml", tuple(written.get(entry.id, ()))
            yield Feed(at, title, entry.address, ("person", entry.id), posts)


def of_events(community: Community) -> Feed:
    """Announcements of events and of what becomes of them."""
    title = _("%(site)s: events") % _words(community)
    return Feed(EVENTS, title, "events/", ("events",))


def of_guidelines(community: Community) -> Feed:
    """Every version of every guideline."""
    title = _("%(site)s: changes in the guidelines") % _words(community)
    shown = (e.address for e in community.library.entries if community.library.shown(e))
    # Without guidelines there is no list of them to lead to.
    page = "guidelines/" if any(a.startswith("guidelines/") for a in shown) else ""
    return Feed(GUIDELINES, title, page, ("guidelines",))


def of_recordings(community: Community) -> Feed:
    """Posts that carry a sound recording: the podcast."""
    heard = tuple(e for e in community.posts if _is_heard(e))
    return Feed(PODCAST, community.settings.site_name, "", ("podcast",), heard)


def announced(community: Community) -> tuple[FeedLink, ...]:
    """The feeds that every page of the site announces in its head."""
    site = community.settings.site_name
    titles = {ATOM: site, RSS: _("%s (RSS)") % site, JSON: _("%s (JSON)") % site}
    all_posts = [_link(title, address) for address, title in titles.items()]
    others = [of_events(community), of_guidelines(community)]
    if of_recordings(community).entries:
        others.append(of_recordings(community))
    return (*all_posts, *(_link(feed.title, feed.address) for feed in others))


def _link(title: str, address: str) -> FeedLink:
    return FeedLink(title, address, TYPES.get(address, "application/atom+xml"))


def _is_heard(entry: Entry[Any]) -> bool:
    media = getattr(entry.fields, "media", None)
    return media is not None and media.type == "audio"


def _written(community: Community) -> dict[str, list[Entry[Any]]]:
    found: dict[str, list[Entry[Any]]] = {}
    for entry in community.posts:
        if isinstance(entry.fields, Credited):
            people = (who.person for role, who in entry.fields.credits() if role == "author")
            for person in dict.fromkeys(p for p in people if p):
                found.setdefault(person, []).append(entry)
    return found


def _words(community: Community, **more: str) -> dict[str, str]:
    return {"site": community.settings.site_name, **more}
