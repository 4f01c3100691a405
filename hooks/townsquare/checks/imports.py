"""What is kept of partners' sources: whole, claimed by a partner, and there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from townsquare.checks.context import Context
from townsquare.imports import sources
from townsquare.imports.sources import FOLDER
from townsquare.model import Entry
from townsquare.patterns import pattern
from townsquare.problems import Place, Problem, problem

if TYPE_CHECKING:
    from townsquare.imports.snapshot import Snapshot

_FILE = pattern(rf"{FOLDER}(.+)-(?:posts|events)(?:-\d+)?\.json")


def import_invalid(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Whatever is wrong with the files that are kept of a partner's sources."""
    for source in sources.of_partner(entry):
        data = context.library.data.get(source.path)
        if data is not None:
            yield from _read(source.path, data)[1]


def import_not_fetched(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Sources that are switched on, and of which nothing is kept from the address that is given."""
    listed = list(sources.of_partner(entry))
    if not listed or not context.library.shown(entry) or entry.fields.is_past(context.clock):
        return
    for source in listed:
        data = context.library.data.get(source.path)
        kept = _read(source.path, data)[0] if data is not None else None
        if source.enabled and (data is None or (kept and kept.url != source.url)):
            place = entry.place("imports", source.number, "url")
            hint = f"run `python3 scripts/import.py partners {entry.id}` and commit {FOLDER}"
            yield problem("import_not_fetched", place, "nothing was fetched from here yet", hint)


def import_unclaimed(context: Context) -> Iterator[Problem]:
    """Files that are kept of a source that no partner names; a faulty partner may name any."""
    kept = [path for path in context.library.data if path.startswith(FOLDER)]
    if not kept:
        return
    partners = context.library.of_kinds(["partner"])
    claimed = {source.path for entry in partners for source in sources.of_partner(entry)}
    for path in (path for path in kept if path not in claimed):
        found = _FILE.fullmatch(path)
        id = found[1] if found else ""
        if not context.library.may_hold("partner", id) or context.library.find("partner", id):
            hint = "delete it, or write the source into the partner's `imports`"
            message = "no partner has this source"
            yield problem("import_unclaimed", Place(path), message, hint)


def _read(path: str, data: bytes) -> tuple[Snapshot | None, list[Problem]]:
    from townsquare.imports import snapshot  # few communities have any

    return snapshot.read(path, data)
