"""Files and addresses that front matter names: pictures, recordings, transcripts, steps' links."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, cast

from townsquare import texts
from townsquare.beside import is_elsewhere, path_beside
from townsquare.checks.context import Context
from townsquare.fields import Loc, Parsed, Shape, shapes
from townsquare.model import Entry
from townsquare.problems import Problem, problem

STEPS = ("steps", "first_contribution")
"""The fields in which steps stand, of guides and of paths."""


def file_missing(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Files that the entry's fields name and that are not there, or are pages that are hidden."""
    library = context.library
    for loc, name in _files(entry.fields):
        path = path_beside(entry, name)
        if path in library.assets:
            continue
        page = library.by_path.get(path)
        if page is None and path not in library.faulty:
            hint = context.known_files().hint(entry.path, path)
            yield problem("file_missing", entry.place(*loc), f"there is no file `{name}`", hint)
        elif page is not None and library.shown(entry) and not library.shown(page):
            message, hint = f"`{name}` is hidden from readers", "publish it, or take the name away"
            yield problem("links_to_hidden", entry.place(*loc), message, hint)


def step_leads_nowhere(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Steps whose link leads to no page or file, to a hidden one, or to no heading of it."""
    for name in STEPS:
        for number, step in enumerate(getattr(entry.fields, name, ())):
            if step.link and not is_elsewhere(step.link):
                yield from _step(context, entry, step.link, (name, number, "link"))


def _step(context: Context, entry: Entry[Any], link: str, loc: Loc) -> Iterator[Problem]:
    name, _hash, fragment = link.partition("#")
    path = path_beside(entry, name) if name else entry.path
    place, found = entry.place(*loc), context.addresses.find(path)
    if found is None and context.library.hidden(path):
        hint = "link to it once it is published"
        yield problem("links_to_hidden", place, f"`{link}` is hidden from readers", hint)
    elif found is None and path not in context.library.faulty:
        hint = context.known_files().hint(entry.path, path)
        yield problem("link_broken", place, f"`{link}` leads nowhere", hint)
    elif found is not None and fragment:
        page = context.page_at(found)
        if page is not None and fragment not in context.ids(page):
            message = f"{page} has no heading `#{fragment}`"
            hint = "copy the address from the heading's `¶`"
            yield problem("anchor_broken", place, message, hint)


def _files(value: Any, at: Loc = ()) -> Iterator[tuple[Loc, str]]:
    """Every path of a file beside the entry's own that a record holds, and where it stands."""
    for shape in _naming(cast("type[Any]", type(value))):
        held = getattr(value, shape.attribute)
        listed = enumerate(held) if shape.is_list else [(None, held)]
        for number, each in listed:
            loc = (*at, shape.name) if number is None else (*at, shape.name, number)
            if isinstance(each, str):
                yield loc, each
            elif each is not None:
                yield from _files(each, loc)


@cache
def _naming(cls: type[Any]) -> tuple[Shape, ...]:
    """The fields of a record that hold paths, or records that do."""
    return tuple(shape for shape in shapes(cls).values() if _names_files(shape))


def _names_files(shape: Shape) -> bool:
    if shape.record is not None and not shape.is_map:
        return bool(_naming(shape.record))
    parsed = shape.note(Parsed)
    return parsed is not None and parsed.parse is texts.parse_file_path
