"""Faults that only the text before a change shows: rules and figures that change unannounced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from townsquare.fields import Loc
from townsquare.kinds.former import Former, of_its_document
from townsquare.kinds.guideline import Guideline
from townsquare.kinds.transparency import SMALLEST, Transparency
from townsquare.library import Library
from townsquare.model import Entry
from townsquare.problems import Problem, problem
from townsquare.spots import with_targets


def run(before: Library, now: Library) -> Iterator[Problem]:
    """Every fault that a change makes of what was right before it."""
    for check in ALL:
        yield from check(before, now)


def guideline_unversioned(before: Library, now: Library) -> Iterator[Problem]:
    """Guidelines that say something else under the same version. Proposals may change freely."""
    for old, new in _changed_guidelines(before, now):
        if old.fields.version == new.fields.version and _says(old) != _says(new):
            version = old.fields.version
            message = f"the text says something else and is still version {version}"
            hint = (
                "raise `version`, say under `changes` what is new, and keep the former text as "
                f"{_archived(new, version)}"
            )
            yield problem("guideline_unversioned", new.place("version"), message, hint)


def former_text_missing(before: Library, now: Library) -> Iterator[Problem]:
    """Versions that were replaced and of which the archive holds no text, or another one."""
    for old, new in _changed_guidelines(before, now):
        version = old.fields.version
        if version == new.fields.version:
            continue
        kept = [f for f in _former(now, new) if f.fields.version == version]
        hint = f"`git log -p {old.path}` shows it"
        if not kept:
            message = f"version {version} is replaced, and its text is not in the archive"
            hint = (
                f"put the file back as it was, type `python3 scripts/new.py former {new.id}`, "
                f"which writes {_archived(new, version)}, then change it again"
            )
            yield problem("former_text_missing", new.place("version"), message, hint)
        elif all(_kept(text) != _kept(old) for text in kept):
            message = f"this is not the text that version {version} had"
            yield problem("former_text_missing", kept[0].place("version"), message, hint)


def former_text_changed(before: Library, now: Library) -> Iterator[Problem]:
    """Former texts that say something else than before, or that are gone while their rule is not.

    Where a link leads may be mended.
    """
    for old in before.visible(Former):
        version, new = old.fields.version, now.by_path.get(old.path)
        if new is not None and _dated(old) != _dated(new):
            message = f"the former text of version {version} says something else than it did"
            hint = "put it back as it was: it tells which rule held then"
            yield problem("former_text_changed", new.place("version"), message, hint)
        rule = now.find(*of_its_document(old.path))
        if new is None and rule is not None and old.path not in now.faulty:
            message = f"the text of version {version} is gone from the archive"
            yield problem(
                "former_text_changed", rule.place("version"), message, f"put {old.path} back"
            )


def figures_differ_little(before: Library, now: Library) -> Iterator[Problem]:
    """Counts that differ from what was published by one to four: the difference is a count too."""
    for old in before.visible(Transparency):
        if new := now.find("transparency", old.id):
            for name in ("cases", "outcomes", "total"):
                known, told = _counts(old, name), _counts(new, name)
                for category, (loc, count) in told.items():
                    yield from _little(new, loc, known.get(category, (loc, count))[1], count)
                sums = (sum(count for _, count in each.values()) for each in (known, told))
                yield from _little(new, (name,), *sums)


ALL: tuple[Callable[[Library, Library], Iterator[Problem]], ...] = (
    guideline_unversioned,
    former_text_missing,
    former_text_changed,
    figures_differ_little,
)


def _little(entry: Entry[Any], loc: Loc, old: int, new: int) -> Iterator[Problem]:
    if 0 < abs(old - new) < SMALLEST:
        message = f"{old} was published, and now {new}: the difference is a count, too"
        hint = "leave the figures as they were, and tell late cases with the next period"
        yield problem("small_count", entry.place(*loc), message, hint)


def _counts(entry: Entry[Any], name: str) -> dict[str, tuple[Loc, int]]:
    """The numbers of one table by category, with their places; a total is a table of one."""
    said = getattr(entry.fields, name)
    if name == "total":
        return {"": ((name,), said)} if isinstance(said, int) else {}
    rows = cast("tuple[Any, ...]", said)
    told = [(number, row) for number, row in enumerate(rows) if isinstance(row.count, int)]
    return {row.category: ((name, number, "count"), row.count) for number, row in told}


def _changed_guidelines(before: Library, now: Library) -> Iterator[tuple[Entry[Any], Entry[Any]]]:
    """Each guideline that readers could see before the change, as it was and as it is."""
    for old in before.visible(Guideline):
        new = now.find("guideline", old.id)
        if new is not None and old.fields.status != "draft":
            yield old, new


def _former(now: Library, guideline: Entry[Any]) -> list[Entry[Any]]:
    return [f for f in now.all(Former) if of_its_document(f.path)[1] == guideline.id]


def _archived(guideline: Entry[Any], version: str) -> str:
    return f"guidelines/archive/{guideline.id}/{version}.md"


def _words(entry: Entry[Any]) -> list[str]:
    """What the text says, but for its line breaks and where its links lead."""
    return with_targets(entry.source.body, lambda _target: "").split()


def _kept(entry: Entry[Any]) -> Any:
    """What the archive keeps of a text."""
    return _words(entry), entry.fields.ladder


def _says(entry: Entry[Any]) -> Any:
    return _kept(entry), entry.fields.report_channels


def _dated(entry: Entry[Any]) -> Any:
    return _kept(entry), entry.fields.version, entry.fields.effective
