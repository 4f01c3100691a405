"""What was published, and which rules changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from townsquare.community import Community
from townsquare.digest.records import Item, Period, Section, section
from townsquare.model import Credited, Entry, Version, Versioned
from townsquare.views.lists import all_linked
from townsquare.wordbook import _, day, joined

LONGEST = 280
"""How many characters of a text stand in a digest."""


def posts(community: Community, period: Period) -> Section:
    """What was published in the period, the oldest first."""
    found = [e for e in community.posts if period.holds(community.published(e))]
    items = [_post(community, period, entry) for entry in reversed(found)]
    return section(_("New posts"), items, community.settings.absolute("blog/"))


def guidelines(community: Community, period: Period) -> Section:
    """Versions of guidelines, proposals too, that are dated in the period, in their order."""
    found = [
        (version.day, entry.title, version.name, _version(community, entry, version))
        for entry in community.visible(Versioned)
        for version in entry.fields.versions()
        if period.holds(version.day)
    ]
    items = [item for *_order, item in sorted(found, key=lambda each: each[:3])]
    url = community.settings.absolute("guidelines/")
    return section(_("Changes in the guidelines"), items, url)


def url_of(community: Community, entry: Entry[Any]) -> str:
    """The whole address of the entry's page."""
    return community.settings.absolute(quote(entry.address))


def shortened(text: str) -> str:
    """The text on one line, cut between words where it is long."""
    line = " ".join(text.split())
    if len(line) <= LONGEST:
        return line
    cut = line[: LONGEST - 1]
    return (cut.rpartition(" ")[0] or cut) + " …"


def _post(community: Community, period: Period, entry: Entry[Any]) -> Item:
    fields = entry.fields
    text = fields.summary() or community.bodies[entry.path].summary_text
    return Item(
        title=entry.title,
        url=url_of(community, entry),
        label=_sponsored(community, entry),
        facts=(", ".join((*_signed(community, entry), day(_local(community, period, entry)))),),
        text=shortened(text),
        language=fields.language or "",
    )


def _local(community: Community, period: Period, entry: Entry[Any]) -> Any:
    return community.published(entry).astimezone(ZoneInfo(period.zone)).date()


def _signed(community: Community, entry: Entry[Any]) -> Iterator[str]:
    """Who signed it: also who asked not to be listed, as a plain name, for it is their own."""
    if isinstance(entry.fields, Credited):
        names = [community.named(who).name for _role, who in entry.fields.credits()]
        if names:
            yield _("By %(names)s") % {"names": joined(list(dict.fromkeys(names)))}


def _sponsored(community: Community, entry: Entry[Any]) -> str:
    if not getattr(entry.fields, "sponsored", False):
        return ""
    partners = all_linked(community, "partner", entry.fields.partners)
    names = joined([each.title for each in partners]) or _("a partner")
    return _("Sponsored: %(names)s paid for this post") % {"names": names}


def _version(community: Community, entry: Entry[Any], version: Version) -> Item:
    words = {"title": entry.title, "version": version.name}
    return Item(
        title=_("%(title)s, version %(version)s") % words,
        url=url_of(community, entry),
        facts=(day(version.day),),
        text=shortened(version.summary),
        language=entry.fields.language or "",
    )
