"""A new file for an author to fill in, made from the kind's own declaration alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from townsquare import source, validation
from townsquare.field_guide import example, form, grouped, meaning_of, scalar
from townsquare.fields import Doc, Shape, shapes
from townsquare.kinds import kind_of
from townsquare.library import spelling
from townsquare.model import Kind, stem
from townsquare.problems import SetupError
from townsquare.settings import Settings
from townsquare.values import value

MAX_NAME = 80
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FILL_IN = "Fill in: "
OPTIONAL = "What may be said besides: delete the `#` in front, or the line."
EXAMPLE_DAY = date(2026, 5, 21)
"""The day around which the fields' examples are told."""


def create(
    root: Path,
    kind: Kind[Any],
    title: str,
    today: date,
    settings: Settings,
    known: Mapping[str, str] | None = None,
) -> Path:
    """The new file, written below `root`; an existing one is never touched (`SetupError`).

    `known` are values of optional fields, as YAML.
    """
    path = root / path_of(root, kind, title, today)
    return written(path, text(kind, title, today, settings, known))


def written(path: Path, text: str) -> Path:
    """The path, where a new file now holds the text; an existing one is never touched."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise SetupError(f"{path} is there already; choose another title or edit it") from None
    return path


def path_of(root: Path, kind: Kind[Any], title: str, today: date) -> str:
    """Where the file goes: named after its title.

    A name that an entry of the kind has in another folder already gets the date, because a file's
    name is its id.
    """
    folder = f"{kind.folder}/{today.year}" if kind.yearly else kind.folder
    name = spelling(title)[:MAX_NAME].strip("-") or kind.name
    if _stands_elsewhere(root, kind, folder, name):
        name = f"{name}-{today}"
    path = f"{folder}/{name}.md"
    return path if kind_of(path) is kind else f"{folder}/{name}-{kind.name}.md"


def text(
    kind: Kind[Any],
    title: str,
    today: date,
    settings: Settings,
    known: Mapping[str, str] | None = None,
) -> str:
    """Front matter with every field: the needed and known ones filled in, the others to uncomment.

    Where the kind's own check asks for more, the optional fields that mend it are filled in too.
    """
    draft = _Draft(kind, " ".join(title.split()), today, settings, dict(known or {}))
    filled = tuple(draft.known)
    faults = draft.faults(filled)
    for name in draft.optional:
        if faults and (rest := draft.faults((*filled, name))) < faults:
            filled, faults = (*filled, name), rest
    return draft.text(filled, explained=True)


@value
class _Draft:
    """A new entry whose optional fields can be filled in one by one."""

    kind: Kind[Any]
    title: str
    today: date
    settings: Settings
    known: dict[str, str]

    @property
    def optional(self) -> list[str]:
        return [s.name for s in shapes(self.kind.fields).values() if not s.required]

    def text(self, filled: tuple[str, ...], *, explained: bool = False) -> str:
        """The file. Unless explained, without what is only there to be read."""
        head = ["---", f"# {meaning_of(self.kind.fields)}", *self._needed(filled)]
        rest = self._rest(filled) if explained else ()
        return "\n".join([*head, *rest, "---", "", self.kind.body_template])

    def faults(self, filled: tuple[str, ...]) -> int:
        """How many faults the entry has by itself."""
        parsed, problems = source.parse(f"{self.kind.folder}/new.md", self.text(filled))
        if parsed is None:
            return len(problems)
        fields, problems = validation.validate(self.kind.fields, parsed)
        if fields is None:
            return len(problems)
        return len(validation.findings(self.kind, fields, parsed, self.settings))

    def _needed(self, filled: tuple[str, ...]) -> Iterator[str]:
        for shape in shapes(self.kind.fields).values():
            if shape.required or shape.name in filled:
                today = _DAY.sub(self.today.isoformat(), example(shape))
                value = scalar(self.title) if shape.name == "title" else today
                value = self.known.get(shape.name, value)
                to_do = "" if shape.name in self.known else _to_fill_in(shape)
                yield f"{shape.name}: {value}  # {to_do}{_meaning(shape)}"

    def _rest(self, filled: tuple[str, ...]) -> Iterator[str]:
        for group, own in grouped(self.kind.fields):
            rest = [s for s in own if not s.required and s.name not in filled]
            if rest:
                own_group = group == meaning_of(self.kind.fields)
                yield from ("", f"# {OPTIONAL if own_group else group}")
            for shape in rest:
                together = self._companion(shape.name, filled)
                yield f"# {shape.name}: {self._example(shape)}  # {_meaning(shape)}{together}"

    def _companion(self, name: str, filled: tuple[str, ...]) -> str:
        """The field that this one needs beside it, or in whose place it stands."""
        if not self.faults((*filled, name)):
            return ""
        for other in self.optional:
            if other in filled and not self.faults((*(f for f in filled if f != other), name)):
                return f" (instead of `{other}`)"
            if other not in filled and not self.faults((*filled, name, other)):
                return f" (with `{other}`)"
        return ""

    def _example(self, shape: Shape) -> str:
        """The field's example with its dates around today."""
        moved = self.today - EXAMPLE_DAY

        def dated(found: re.Match[str]) -> str:
            return (date.fromisoformat(found[0]) + moved).isoformat()

        return _DAY.sub(dated, example(shape))


def _meaning(shape: Shape) -> str:
    doc = shape.note(Doc)
    choices = f" {form(shape).capitalize()}." if shape.choices else ""
    return (doc.text if doc else form(shape)) + choices


def _to_fill_in(shape: Shape) -> str:
    """Marks what neither the title nor the calendar nor a list of words could tell."""
    known = shape.name == "title" or shape.choices or _DAY.search(example(shape))
    return "" if known else FILL_IN


def _stands_elsewhere(root: Path, kind: Kind[Any], folder: str, name: str) -> bool:
    below = root / kind.folder
    paths = (file.relative_to(root).as_posix() for file in sorted(below.rglob("*.md")))
    return any(
        stem(path) == name and kind_of(path) is kind and path != f"{folder}/{name}.md"
        for path in paths
    )
