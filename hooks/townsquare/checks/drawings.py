"""Logos and avatars that are drawings: what of them is published, and which are none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from townsquare.beside import path_beside
from townsquare.checks.context import Context
from townsquare.library import DRAWING
from townsquare.model import Entry
from townsquare.problems import Place, Problem, problem

FIELDS = ("logo", "avatar")
_SHOWN = 3


def drawing_unsafe(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Drawings that cannot be published, and those that are published without a part."""
    for name in FIELDS:
        picture = getattr(entry.fields, name, None)
        path = path_beside(entry, picture.src) if picture else ""
        if path.lower().endswith(DRAWING) and path in context.library.assets:
            yield from faults(path, (context.library.root / path).read_bytes())


def faults(path: str, data: bytes) -> Iterator[Problem]:
    """What is wrong with the drawing in this file."""
    from townsquare import drawings  # few communities have any

    try:
        removed = drawings.cleaned(data).removed
    except drawings.NoDrawing as fault:
        hint = "export it again as plain SVG, or save it as .png"
        place = Place(path, fault.line, fault.column)
        yield problem("drawing_invalid", place, str(fault), hint)
        return
    if removed:
        names = list(dict.fromkeys(each.what for each in removed))
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        message = f"the drawing is published without {', '.join(names[:_SHOWN])}{more}"
        hint = "draw it with shapes, text and colours alone"
        yield problem("drawing_cleaned", Place(path, *removed[0][1:]), message, hint)
