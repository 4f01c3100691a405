"""What each feed is called. Addresses come from slugs and ids, never from titles or files."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from townsquare.community import Community
from townsquare.feeds import selections
from townsquare.feeds.items import Channel, tag_uri, writable
from townsquare.model import Entry
from townsquare.pages import FeedLink
from townsquare.values import value
from townsquare.wordbook import gettext as _

RSS, ATOM, JSON = "rss.xml", "atom.xml", "feed.json"
EVENTS, GUIDELINES = "feeds/events.xml", "feeds/guidelines.xml"
PODCAST, OPML = "podcast.xml", "feeds/subscriptions.opml"
TYPES = {RSS: "application/rss+xml", JSON: "application/feed+json", PODCAST: "application/rss+xml"}


@value
class Feed:
    """A feed to subscribe to; `name` makes its id, `page` is the address that it belongs to."""

    address: str
    title: str
    page: str
    name: tuple[str, ...]


def main(community: Community) -> Feed:
    """All posts, the newest first: `atom.xml`, and the same as RSS and JSON."""
    return Feed(ATOM, community.settings.site_name, "", ("posts",))


def of_tag(community: Community, slug: str) -> Feed:
    """Posts with the tag."""
    title = _("%(site)s: %(tag)s") % _words(community, tag=community.library.tags[slug].title)
    return Feed(tag_address(slug), title, f"tags/{slug}/", ("tag", slug))


def tag_address(slug: str) -> str:
    """Where the feed of a tag stands."""
    return f"feeds/tags/{slug}.xml"


def of_person(community: Community, person: Entry[Any]) -> Feed:
    """Posts by the person."""
    title = _("%(site)s: posts by %(name)s") % _words(community, name=person.title)
    return Feed(person_address(person.id), title, person.address, ("person", person.id))


def person_address(id: str) -> str:
    """Where the feed of a person stands."""
    return f"feeds/people/{id}.xml"


def of_events(community: Community) -> Feed:
    """Announcements of events and of what becomes of them."""
    title = _("%(site)s: events") % _words(community)
    return Feed(EVENTS, title, "events/", ("events",))


def of_guidelines(community: Community) -> Feed:
    """Every version of every guideline."""
    title = _("%(site)s: changes in the guidelines") % _words(community)
    page = "guidelines/" if selections.has_guidelines(community) else ""
    return Feed(GUIDELINES, title, page, ("guidelines",))


def of_recordings(community: Community) -> Feed:
    """Posts that carry a sound recording: the podcast."""
    site = community.settings
    return Feed(PODCAST, site.podcast.title or site.site_name, "", ("podcast",))


def once_at(address: str, title: str) -> Feed:
    """The feed that was published at this address and is no longer."""
    folder, _, id = address.removeprefix("feeds/").removesuffix(".xml").rpartition("/")
    known = {"tags": ("tag", id), "people": ("person", id), "archive": ("posts",)}
    return Feed(address, title, "", known.get(folder, (id,)))


def channel(
    community: Community, feed: Feed, *, at: str = "", links: tuple[tuple[str, str], ...] = ()
) -> Channel:
    """The feed as it stands at its address, or in another format `at` another."""
    settings = community.settings
    title = writable(feed.title)
    return Channel(
        id=tag_uri(settings, "feed", *feed.name),
        title=title,
        description=writable(settings.site_description or title),
        url=settings.absolute(quote(at or feed.address)),
        home=settings.absolute(quote(feed.page)),
        author=writable(settings.site_author or settings.site_name),
        language=settings.language,
        links=links,
    )


def announced(community: Community) -> tuple[FeedLink, ...]:
    """The feeds that every page of the site announces in its head."""
    site = community.settings.site_name
    titles = {ATOM: site, RSS: _("%s (RSS)") % site, JSON: _("%s (JSON)") % site}
    all_posts = [_link(title, address) for address, title in titles.items()]
    others = [of_events(community), of_guidelines(community), *podcasts(community)]
    return (*all_posts, *(_link(feed.title, feed.address) for feed in others))


def podcasts(community: Community) -> list[Feed]:
    """The podcast, where there is something to hear."""
    return [of_recordings(community)] if selections.has_recordings(community) else []


def _link(title: str, address: str) -> FeedLink:
    return FeedLink(title, address, TYPES.get(address, "application/atom+xml"))


def _words(community: Community, **more: str) -> dict[str, str]:
    return {"site": community.settings.site_name, **more}
