"""Which data files there are, and which fields of a kind are public in them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from types import UnionType
from typing import Any, get_args

from townsquare import texts, times
from townsquare.field_guide import inner_record
from townsquare.fields import Parsed, Reference, Shape, shapes
from townsquare.model import Kind

_PLURALS = {"person": "people", "transparency": "transparency", "former": "former-texts"}
_JSON = (str, int, float, bool, date, datetime, time, timedelta, times.Interval, times.Period)

# What tells the build what to do, or is there for bookkeeping, is nothing that readers are told.
_PRIVATE = frozenset(
    (
        "title", "id", "draft", "publish", "expires", "aliases", "listed", "git", "pinned",
        "renewal_notice_days", "imports",
    )
)  # fmt: skip


def name(kind: Kind[Any]) -> str:
    """The kind's data file: `posts` for `api/posts.json`."""
    return _PLURALS.get(kind.name, f"{kind.name}s")


def public(cls: type[Any], *, top: bool = False) -> dict[str, Shape]:
    """The fields of a record that data files hold: public ones whose value has a form in JSON."""
    return {
        name: shape
        for name, shape in shapes(cls).items()
        if not (top and name in _PRIVATE) and _has_form(shape)
    }


def is_file(shape: Shape) -> bool:
    """Whether the value names a file beside the entry, of which data files say the address."""
    parsed = shape.note(Parsed)
    return parsed is not None and parsed.parse is texts.parse_file_path


def _has_form(shape: Shape) -> bool:
    if inner_record(shape) or shape.choices or shape.note(Reference):
        return True
    return all(each in _JSON for each in types_of(shape))


def types_of(shape: Shape) -> tuple[Any, ...]:
    """What a single value of the field may be, apart from nothing."""
    types = get_args(shape.type) if isinstance(shape.type, UnionType) else (shape.type,)
    return tuple(each for each in types if each is not type(None))
