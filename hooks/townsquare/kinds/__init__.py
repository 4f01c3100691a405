"""The registry of kinds. A new kind is one module here, one template, one line below."""

from __future__ import annotations

from typing import Any

from townsquare.kinds import (
    event,
    former,
    guide,
    guideline,
    page,
    partner,
    path,
    person,
    post,
    transparency,
)
from townsquare.model import Kind

KINDS: tuple[Kind[Any], ...] = (
    post.KIND,
    event.KIND,
    transparency.KIND,
    former.KIND,
    guideline.KIND,
    path.KIND,
    guide.KIND,
    person.KIND,
    partner.KIND,
    page.KIND,
)


def kind_of(path: str) -> Kind[Any] | None:
    """The kind that a file of this path holds: the first that matches."""
    return next((kind for kind in KINDS if kind.matches(path)), None)


def names_of(of: type[Any]) -> list[str]:
    """The names of the kinds whose fields are of this kind or facet."""
    return [kind.name for kind in KINDS if issubclass(kind.fields, of)]


def kind_named(name: str) -> Kind[Any]:
    """The kind of this name."""
    return next(kind for kind in KINDS if kind.name == name)
