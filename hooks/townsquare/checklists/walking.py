"""A newcomer's checklist for walking through a guide, to find where it has drifted."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from townsquare.checklists import bulleted, community_at, entry_named
from townsquare.community import Community
from townsquare.model import Entry
from townsquare.views.onboarding import Step, steps_of
from townsquare.wordbook import _, day


def checklist(root: Path, name: str, now: datetime) -> str:
    """The guide's steps, each with room for what was not as it says. Dates are the site's own."""
    community = community_at(root, now)
    guide = entry_named(community, "guide", name)
    today = now.astimezone(ZoneInfo(community.settings.timezone)).date()
    lines = [*_head(community, guide), *_before(community, guide)]
    for number, step in enumerate(steps_of(community, guide, guide.fields.steps), start=1):
        lines += ["", *_step(community, number, step)]
    return "\n".join([*lines, "", *_afterwards(community, guide, today)]) + "\n"


def _head(community: Community, guide: Entry[Any]) -> list[str]:
    last, minutes = guide.fields.last_verified, guide.fields.minutes
    facts = [
        _("Page: %(url)s") % {"url": community.settings.absolute(guide.address)},
        _("File: %(path)s") % {"path": f"`{guide.path}`"},
        _("Last followed on: %(day)s") % {"day": day(last) if last else _("nobody has said")},
        _("Meant to take: %(minutes)s minutes") % {"minutes": minutes or "?"},
        _("Walked by, on which machine:"),
        _("Begun at, done at:"),
    ]
    return [
        _("# Walk: %(title)s") % {"title": guide.title},
        "",
        _("Do every step as it is written, and nothing that is not written. Where you hesitate, "
          "write down what you looked for and what you found in its place; it is the guide that "
          "gets mended, not you."),
        "",
        *(f"- {fact}" for fact in facts),
    ]  # fmt: skip


def _before(community: Community, guide: Entry[Any]) -> list[str]:
    found = [community.library.find("guide", id) for id in guide.fields.prerequisites]
    named = [f"{each.title}: {community.settings.absolute(each.address)}" for each in found if each]
    return ["", _("## Before"), "", *bulleted(named)] if named else []


def _step(community: Community, number: int, step: Step) -> list[str]:
    fragment = f"#{step.fragment}" if step.fragment else ""
    own = community.settings.absolute(step.address) + fragment if step.address else ""
    opened = step.url or own
    done = step.done_when or _("you can see that it is done (the guide does not say how)")
    items = [
        *([_("The link works: %(url)s") % {"url": opened}] if opened else []),
        _("Done when: %(done)s") % {"done": done},
        _("It was as the guide says, and nothing was missing."),
    ]
    return [f"## {number}. {step.title}", "", *bulleted(items), "", _("What was not:")]


def _afterwards(community: Community, guide: Entry[Any], today: date) -> list[str]:
    fields = guide.fields
    contact = fields.contact or community.settings.question or _("whoever gave it to you")
    return [
        _("## Afterwards"),
        "",
        *bulleted(
            [
                _("Was it worth the time, and what was the worst moment?"),
                _("Send this list to %(contact)s.") % {"contact": contact},
                _("Whoever answers for the guide (%(owner)s) mends it, then writes into its file:")
                % {"owner": f"`{fields.owner}`" if fields.owner else _("nobody yet: `owner`")},
            ]
        ),
        "",
        "```yaml",
        f"last_verified: {today}",
        "```",
    ]
