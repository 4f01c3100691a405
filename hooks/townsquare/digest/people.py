"""Who is new, who did something for the first time or the hundredth, and whom to thank.

Only people whom readers may see are named. Guests without a file are thanked by the name that they
signed an event or a text with; who only committed is not named, for nobody asked them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from townsquare.community import Community
from townsquare.digest.news import shortened, url_of
from townsquare.digest.records import Item, Period, Section, section
from townsquare.figures import contributors, milestones
from townsquare.figures.contributions import Contribution, contributions
from townsquare.figures.milestones import Milestone
from townsquare.figures.periods import Window
from townsquare.model import Entry
from townsquare.views.people import everybody
from townsquare.wordbook import _, counted

_DONE = {
    "author": _("wrote “%(title)s”"),
    "speaker": _("spoke at “%(title)s”"),
    "organiser": _("organised “%(title)s”"),
    "commit": _("changed this site's files"),
    "review": _("reviewed a change"),
}
_COUNTED = {
    "author": ("wrote %(num)d text", "wrote %(num)d texts"),
    "speaker": ("spoke at %(num)d event", "spoke at %(num)d events"),
    "organiser": ("organised %(num)d event", "organised %(num)d events"),
    "commit": ("made %(num)d change", "made %(num)d changes"),
    "review": ("reviewed %(num)d change", "reviewed %(num)d changes"),
}
_OTHER = "made %(num)d contribution", "made %(num)d contributions"


def joined(community: Community, period: Period) -> Section:
    """Who joined in the period, in that order, with what they say of themselves."""
    found = [e for e in everybody(community) if e.fields.joined and period.holds(e.fields.joined)]
    found.sort(key=lambda e: e.fields.joined)
    items = [_person(community, e, text=shortened(e.fields.summary())) for e in found]
    return _section(community, _("New people"), items)


def newcomers(community: Community, period: Period) -> Section:
    """Who contributed for the first time, and what it was."""
    found = [m for m in _milestones(community, period) if m.number == 1]
    items = [_person(community, _entry(community, m), _for_what(community, m)) for m in found]
    return _section(community, _("First contributions: welcome"), items)


def thresholds(community: Community, period: Period) -> Section:
    """Tenth, hundredth and thousandth contributions, and years since somebody joined."""
    window = Window(period.since, period.until)
    items = [
        _person(
            community,
            _entry(community, m),
            _("contribution number %(number)d") % {"number": m.number},
            _for_what(community, m),
        )
        for m in _greatest(_milestones(community, period))
        if m.number > 1
    ]
    for each in milestones.anniversaries(community, window):
        years = counted("%(num)d year here", "%(num)d years here", each.years)
        items.append(_person(community, community.library.entry(each.person), years))
    return _section(community, _("Milestones"), items)


def thanks(community: Community, period: Period) -> Section:
    """Everybody who contributed in the period, by name, with how often they did what."""
    done = [each for each in contributions(community) if period.holds(each.at)]
    roles: dict[str, list[str]] = {}
    for each in done:
        roles.setdefault(each.who, []).append(each.role)
    people = [
        (entry.title, _person(community, entry, _tally(roles[entry.key])))
        for entry in everybody(community)
        if entry.key in roles
    ]
    signed: dict[str, list[str]] = {}
    for name, role in _guests(community, done):
        signed.setdefault(name, []).append(role)
    guests = [(name, Item(name, facts=(_tally(own),))) for name, own in signed.items()]
    ordered = sorted((*people, *guests), key=lambda each: (each[0].casefold(), each[1].url))
    return _section(community, _("Thanks to"), [item for _name, item in ordered])


def _milestones(community: Community, period: Period) -> list[Milestone]:
    return milestones.milestones_within(community, Window(period.since, period.until))


def _greatest(found: list[Milestone]) -> list[Milestone]:
    """Each person's greatest number alone, in the order of days."""
    greatest = {m.person: m for m in sorted(found, key=lambda m: m.number)}
    return [m for m in found if m is greatest[m.person]]


def _entry(community: Community, found: Milestone) -> Entry[Any]:
    return community.library.entry(found.person)


def _guests(community: Community, done: Iterable[Contribution]) -> Iterator[tuple[str, str]]:
    """The names of those without a file, as they signed, each with the role that they had."""
    for each in done:
        entry = _of(community, each.of) if each.who.startswith("name:") else None
        for role, who in entry.fields.credits() if entry else ():
            if role == each.role and who.name and contributors.named(who.name) == each.who:
                yield who.name, role
                break


def _of(community: Community, key: str) -> Entry[Any] | None:
    """The entry of a contribution; nothing where it is a commit."""
    kind, colon, id = key.partition(":")
    return community.library.find(kind, id) if colon else None


def _for_what(community: Community, found: Milestone) -> str:
    """`wrote “The first reply”`."""
    entry = _of(community, found.of)
    title = entry.title if entry else ""
    return _DONE.get(found.role, "“%(title)s”") % {"title": title}


def _tally(roles: Iterable[str]) -> str:
    """`wrote 2 texts, spoke at 1 event`."""
    counts = sorted(Counter(roles).items())
    return ", ".join(counted(*_COUNTED.get(role, _OTHER), number) for role, number in counts)


def _person(community: Community, entry: Entry[Any], *facts: str, text: str = "") -> Item:
    return Item(entry.title, url_of(community, entry), facts=facts, text=text)


def _section(community: Community, title: str, items: list[Item]) -> Section:
    return section(title, items, community.settings.absolute("people/"))
