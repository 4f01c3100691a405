"""Plain words for pydantic's own codes; YAML's are in `yaml_wording`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from townsquare.fields import Doc, Shape, shapes
from townsquare.problems import Fault, did_you_mean
from townsquare.yaml_wording import yaml_fault, yaml_place

__all__ = ["not_text", "pydantic_fault", "yaml_fault", "yaml_place"]

Worded = tuple[str, str, str]
"""A code, what is wrong, and one thing to do."""

_SHOWN = 60


def pydantic_fault(error: Mapping[str, Any], shape: Shape | None) -> Worded:
    """What pydantic's error means to an author: code, message, hint.

    `error` is an item of `ValidationError.errors()`, `shape` the field as declared. A `Fault`
    that a field's parser raised keeps its own words. Unknown and missing fields are worded where
    the record around them is known, in `validation`.
    """
    fault = error.get("ctx", {}).get("error")
    if isinstance(fault, Fault):
        return fault.code, fault.message, fault.hint
    word = _WORDS.get(str(error["type"]), _not_of_the_form)
    return word(error.get("input"), shape)


def not_text(value: object) -> Fault:
    """The fault of a list or of fields where a single value belongs."""
    return Fault(*_not_text(value, None))


def _not_text(value: object, shape: Shape | None) -> Worded:
    if isinstance(value, Mapping):
        message = f"{_named(shape)} takes one value, not fields"
        return "value_not_text", message, _quoting_hint(cast("Mapping[object, object]", value))
    if isinstance(value, list | tuple):
        hint = "write it without `[`, `]` or `-`; quote it if it is meant as text"
        return "value_not_text", f"{_named(shape)} takes one value, not a list", hint
    return "value_invalid", f"{_shown(value)} does not fit {_named(shape)}", _example(shape)


def _quoting_hint(value: Mapping[object, object]) -> str:
    """`join: {a b}` and `title: a: b` on its own line both arrive here as fields."""
    first = next(iter(value), None)
    return f"put it on the field's own line, without `{first}:`" if first else "write text"


def _not_a_list(_value: object, shape: Shape | None) -> Worded:
    hint = "write `[one, two]`, or one `- item` on each line"
    return "value_not_a_list", f"{_named(shape)} takes a list", hint


def _not_fields(value: object, shape: Shape | None) -> Worded:
    inner = shapes(shape.record) if shape and shape.record else {}
    known = [name for name, each in inner.items() if each.required] or list(inner)
    written = ", ".join(f"{name}: …" for name in known[:3]) or "name: …"
    message = f"{_named(shape)} takes fields of its own, not {_shown(value)}"
    return "value_not_fields", message, f"write it as `{{{written}}}`"


def _not_listed(value: object, shape: Shape | None) -> Worded:
    if not isinstance(value, str):
        return _not_text(value, shape)
    choices = shape.choices if shape else ()
    guess = did_you_mean(value.strip().lower(), choices)
    message = f"{_shown(value)} is not a word that {_named(shape)} takes"
    takes = "It takes" if guess else "it takes"
    return "value_not_listed", message, f"{guess}{takes}: {', '.join(choices)}"


def _not_of_the_form(value: object, shape: Shape | None) -> Worded:
    several = shape is not None and (shape.is_list or shape.is_map)
    if not isinstance(value, str) and not several:
        return _not_text(value, shape)
    return "value_invalid", f"{_shown(value)} does not fit {_named(shape)}", _example(shape)


def _named(shape: Shape | None) -> str:
    return f"`{shape.name}`" if shape else "the field"


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "fields"
    if isinstance(value, list | tuple):
        return "a list"
    text = "nothing" if value is None else f"{value}"
    return f"`{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}`"


def _example(shape: Shape | None) -> str:
    doc = shape.note(Doc) if shape else None
    if shape is None or doc is None or not doc.example:
        return "write it as text"
    return f"as in `{shape.name}: {doc.example}`"


_WORDS: dict[str, Callable[[object, Shape | None], Worded]] = {
    "literal_error": _not_listed,
    "enum": _not_listed,
    "string_type": _not_text,
    "tuple_type": _not_a_list,
    "list_type": _not_a_list,
    "dict_type": _not_fields,
    "dataclass_type": _not_fields,
    "dataclass_exact_type": _not_fields,
    "model_type": _not_fields,
}
