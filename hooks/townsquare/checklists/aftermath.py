"""The lines that an event's file still needs when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from townsquare.model import Entry
from townsquare.occasions import After
from townsquare.recurrence import Occurrence
from townsquare.wordbook import _

FIELDS = ("recordings", "slides", "notes", "attended")


def lines(entry: Entry[Any], held: Occurrence) -> list[str]:
    """What is to be added, as YAML in Markdown. Left as it is, it says nothing."""
    return [
        _("## The lines for `%(path)s`") % {"path": entry.path},
        "",
        *_told(entry, held),
        "",
        "```yaml",
        *_yaml(entry, held),
        "```",
    ]


def _told(entry: Entry[Any], held: Occurrence) -> Iterator[str]:
    fields = entry.fields
    if fields.sessions:
        yield _("The first two stand in the session of %(key)s.") % {"key": held.key}
    elif fields.repeat and held.key in fields.changes:
        yield _("They stand below `changes:`, `%(key)s:`, beside what is there.") % {
            "key": held.key
        }
    elif fields.repeat and fields.changes:
        yield _("They stand below the `changes:` that is there.")
    yield _("Take away what there is none of. If nothing remains, a reason stands alone below")
    yield _('`after:`, and readers see it: `none: "Not recorded, because …"`')


def _yaml(entry: Entry[Any], held: Occurrence) -> Iterator[str]:
    fields = entry.fields
    if fields.sessions:
        yield from (f"    slides: []  # {_SLIDES}", f"    recording: []  # {_RECORDINGS}")
        yield from _after(fields.after, ("notes", "attended"), "")
    elif fields.repeat:
        yield from ("changes:", f"  {held.key}:")
        yield from _after(held.details.after if held.changed else None, FIELDS, "    ")
    else:
        yield from _after(fields.after, FIELDS, "")


def _after(said: After | None, names: tuple[str, ...], indent: str) -> Iterator[str]:
    """What the file does not say yet; all of it where it says everything."""
    missing = [name for name in names if getattr(said, name, None) in (None, ())] or names
    meant = {"recordings": _RECORDINGS, "slides": _SLIDES, "notes": _NOTES, "attended": _ATTENDED}
    yield f"{indent}after:"
    for name in missing:
        empty = "[]" if name in ("recordings", "slides") else ""
        yield f"{indent}  {name}: {empty}{'  ' if empty else ''}# {meant[name]}"


_RECORDINGS = _("addresses of sound or video: [https://…]")
_SLIDES = _("addresses of what was shown: [https://…]")
_NOTES = _("what came out of it, in two or three sentences")
_ATTENDED = _("how many came; a number, no names")
