"""The reference: every field of every kind, and every problem, from their own declarations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from townsquare import kinds
from townsquare.codes import CODES
from townsquare.community import Community
from townsquare.field_guide import Row, describe, meaning_of
from townsquare.makings import Making
from townsquare.pages import Page
from townsquare.views.lists import Linked
from townsquare.views.shapes import list_page
from townsquare.wordbook import gettext as _
from townsquare.wordbook import label

ADDRESS = "reference/"


class Span(NamedTuple):
    """A piece of a sentence; code is what stood between backticks."""

    text: str
    is_code: bool


class Field(NamedTuple):
    """One field as the table shows it; `depth` counts the fields around it."""

    name: str
    depth: int
    meaning: tuple[Span, ...]
    form: tuple[Span, ...]
    required: bool
    example: str


class Explained(NamedTuple):
    """One problem; its label is its anchor."""

    label: str
    severity: str
    why: tuple[Span, ...]


def makings(_community: Community) -> Iterator[Making]:
    """The reference's front page, a page for each kind, and the list of problems."""
    yield Making(ADDRESS, "views.reference:index")
    for each in kinds.KINDS:
        yield Making(f"{ADDRESS}{each.name}/", "views.reference:kind", (each.name,))
    yield Making(f"{ADDRESS}problems/", "views.reference:problems")


def index(community: Community) -> Page:
    """The ways to the kinds and to the problems."""
    named = [Linked(label(kind.name), f"{ADDRESS}{kind.name}/") for kind in kinds.KINDS]
    data = {"kinds": named, "problems": f"{ADDRESS}problems/"}
    about = _("Every field that a file may have, and every problem that the check may find.")
    return list_page(community, ADDRESS, _("Reference"), "reference.html", data, description=about)


def kind(community: Community, name: str) -> Page:
    """Every field of a kind, and where its files stand."""
    declared = kinds.kind_named(name)
    data = {
        "meaning": spans(meaning_of(declared.fields)),
        "folder": f"{declared.folder}/",
        "command": f'python3 scripts/new.py {name} "{_("Title")}"',
        "schema": f"schemas/{name}.json",
        "fields": [_field(row) for row in describe(declared)],
    }
    title = _("Fields: %(kind)s") % {"kind": label(name)}
    return list_page(community, f"{ADDRESS}{name}/", title, "reference_kind.html", data)


def _field(row: Row) -> Field:
    depth = row.name.count(".")
    example = row.example if not depth or len(row.example) < 60 else ""
    return Field(row.name, depth, spans(row.meaning), spans(row.form), row.required, example)


def problems(community: Community) -> Page:
    """Every problem that there can be, by its code."""
    found = [
        Explained(name.replace("_", "-"), code.severity, spans(code.why))
        for name, code in sorted(CODES.items())
    ]
    about = _("What each problem means, and whether it stops a build.")
    return list_page(
        community, f"{ADDRESS}problems/", _("Problems"), "problems.html",
        {"problems": found}, description=about,
    )  # fmt: skip


def spans(sentence: str) -> tuple[Span, ...]:
    """The sentence in pieces, those between backticks as code."""
    pieces = sentence.split("`")
    return tuple(Span(text, bool(n % 2)) for n, text in enumerate(pieces) if text)
