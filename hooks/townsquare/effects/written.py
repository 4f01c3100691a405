"""Effects as a list for people, at a terminal and on a forge, and as data.

The data are one object: `format` (`townsquare-changes/1`), `untold` (why nothing could be found
out, else empty), `left_out` (faulty files of the base), `counts` by group and by what happened, and
`changes`, each with `group`, `how`, `title`, `kind`, `address` (from the site's root), `path` (from
the community's folder) and `notes`. Members may be added.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from townsquare.effects.records import Change, Effects
from townsquare.formats.text import visible
from townsquare.markdown_text import escaped
from townsquare.wordbook import _

FORMAT = "townsquare-changes/1"
MOST, FEW = 25, 10
"""How many changes of a sort are listed by name; fewer of pages that only follow, and of notes."""
LONGEST = 400

_HEADINGS = {
    "settings": _("Choices of the site"),
    "pages": _("Pages"),
    "hidden": _("Not seen by readers"),
    "following": _("Other pages, which follow"),
    "files": _("Pictures and other files"),
    "feeds": _("Feeds"),
    "announcements": _("Announcements of events"),
    "guidelines": _("Versions of guidelines"),
    "calendars": _("Calendars"),
    "addresses": _("Old addresses"),
}
_HOWS = {
    "added": _("new"),
    "changed": _("changed"),
    "moved": _("moved"),
    "hidden": _("hidden"),
    "removed": _("removed"),
}
_KINDS = {"former": _("former text"), "transparency": _("moderation figures")}
_TITLE = _("What this change does for readers")
_NOTHING = _("Readers see no difference.")


def as_text(found: Effects) -> str:
    """The list for a terminal: a sentence a line."""
    lines = [_TITLE, "=" * len(_TITLE)]
    for group, changes in _grouped(found):
        lines += ["", f"{_HEADINGS[group]} ({_counted(changes)})"]
        for line, notes in _told(group, changes):
            lines += [f"  {visible(line)}", *(f"    {visible(note)}" for note in notes)]
    return "\n".join([*lines, "", *map(visible, _remarks(found))]).rstrip() + "\n"


def as_markdown(found: Effects) -> str:
    """The same list as Markdown: what authors wrote means nothing in it."""
    lines = [f"## {_TITLE}"]
    for group, changes in _grouped(found):
        lines += ["", f"### {_HEADINGS[group]} ({_counted(changes)})", ""]
        for line, notes in _told(group, changes):
            lines += [f"- {_marked(line)}", *(f"    - {_marked(note)}" for note in notes)]
    return "\n".join([*lines, "", *map(_marked, _remarks(found))]).rstrip() + "\n"


def as_data(found: Effects) -> dict[str, Any]:
    """The object that this module describes."""
    counts: dict[str, dict[str, int]] = {}
    for each in found.changes:
        of_group = counts.setdefault(each.group, {})
        of_group[each.how] = of_group.get(each.how, 0) + 1
    return {
        "format": FORMAT,
        "untold": found.untold,
        "left_out": list(found.faulty),
        "counts": counts,
        "changes": [_record(each) for each in found.changes],
    }


def _record(change: Change) -> dict[str, Any]:
    return {
        "group": change.group,
        "how": change.how,
        "title": change.title,
        "kind": change.kind,
        "address": change.address,
        "path": change.path,
        "notes": list(change.notes),
    }


def _grouped(found: Effects) -> Iterator[tuple[str, list[Change]]]:
    for group, changes in groupby(found.changes, lambda each: each.group):
        yield group, list(changes)


def _counted(changes: Sequence[Change]) -> str:
    """`2 new, 1 changed`."""
    sorts = groupby(changes, lambda each: each.how)
    return ", ".join(f"{len(list(same)):,} {_HOWS[how]}" for how, same in sorts)


def _told(group: str, changes: Sequence[Change]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A line and its notes for the first of each sort, and a line that says how many more."""
    most = FEW if group == "following" else MOST
    for how, same in groupby(changes, lambda each: each.how):
        held = list(same)
        more = _("and %(num)s more") % {"num": f"{len(held) - most:,}"} if held[most:] else ""
        if group == "following":
            names = [each.title for each in held[:most]]
            yield f"{_HOWS[how]}: {', '.join([*names, *([more] if more else [])])}", ()
            continue
        yield from ((f"{_HOWS[how]}: {_named(each)}", _brief(each.notes)) for each in held[:most])
        if more:
            yield more, ()


def _brief(notes: Sequence[str]) -> tuple[str, ...]:
    """The first notes, each of a length that somebody reads."""
    more = len(notes) - FEW
    cut = [note if len(note) <= LONGEST else note[: LONGEST - 2] + " …" for note in notes[:FEW]]
    return (*cut, *([_("and %(num)s more") % {"num": f"{more:,}"}] if more > 0 else []))


def _named(change: Change) -> str:
    """`post “Hello”, /blog/hello/`: hidden entries have no address, but a file."""
    kind = _KINDS.get(change.kind, change.kind)
    where = f"/{change.address}" if change.address or not change.path else change.path
    if change.title == where:
        return where
    return f"{kind} “{change.title}”, {where}" if kind else f"{change.title}, {where}"


def _remarks(found: Effects) -> Iterator[str]:
    if found.untold:
        yield found.untold
    elif not found.changes:
        yield _NOTHING
    if found.faulty:
        words = {"files": ", ".join(found.faulty[:MOST])}
        yield _("Compared without files of the base that have errors: %(files)s.") % words


def _marked(text: str) -> str:
    return escaped(visible(text))
