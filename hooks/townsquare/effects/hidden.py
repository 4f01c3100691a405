"""What a change prepares or hides: drafts, and what waits for its day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from townsquare.effects.pages import address_left
from townsquare.effects.records import Change, How, Pair, said_otherwise
from townsquare.model import Entry, State
from townsquare.wordbook import _, moment


def changes(pair: Pair) -> Iterator[Change]:
    """Each hidden entry that is new, changed or was seen before, and why readers do not see it."""
    for key, entry in pair.after_by_key.items():
        if key in pair.new:
            continue
        old = pair.before_by_key.get(key)
        otherwise = said_otherwise(old, entry) if old else ()
        if key in pair.old:
            left = address_left(pair, pair.old[key])
            yield _of("hidden", entry, *_why(pair, entry), *otherwise, *left)
        elif old is None or otherwise:
            yield _of("changed" if old else "added", entry, *_why(pair, entry), *otherwise)
    for key, entry in pair.before_by_key.items():
        if key not in pair.old and key not in pair.after_by_key:
            yield _of("removed", entry)


def _of(how: How, entry: Entry[Any], *notes: str) -> Change:
    return Change("hidden", how, entry.title, entry.kind.name, "", entry.path, notes)


def _why(pair: Pair, entry: Entry[Any]) -> Iterator[str]:
    fields, library = entry.fields, pair.after.community.library
    words = {"zone": library.settings.timezone}
    if fields.draft:
        yield _("a draft: nobody sees it until `draft` is taken away")
    elif library.states[entry.key] is State.SCHEDULED and fields.shown_from():
        words["when"] = moment(fields.shown_from())
        yield _("will appear on %(when)s (%(zone)s)") % words
    elif library.states[entry.key] is State.EXPIRED and fields.expires:
        words["when"] = moment(fields.expires)
        yield _("has expired on %(when)s (%(zone)s)") % words
    elif not fields.shown_as_page():
        yield _("asked not to be listed: a plain name where they signed, and nothing else")
    else:
        yield _("hidden with what it belongs to")
