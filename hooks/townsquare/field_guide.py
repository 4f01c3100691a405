"""What each field means, how it is written, and an example that is true.

Read from the kinds' own declarations; the schemas, the reference pages and `new` are made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import get_annotations
from typing import Any

from townsquare.fields import Doc, Parsed, Reference, Shape, shapes
from townsquare.model import Kind
from townsquare.values import value

_FLOW = re.compile(r"[\[{].*[\]}]", re.DOTALL)
_PLAIN = re.compile(r"[\w./(<](?:[^\[\]{},#:\"'\\]|:(?=\S)|(?<=\S)#)*", re.UNICODE)
_WRITTEN = re.compile(r"[\d/]|[A-Z]\w+/")


@value
class Row:
    """One field for a reader. `name` is dotted where it stands inside another: `image.src`.

    `example` is YAML as it stands after `name: `. `group` is what the record that declares the
    field is, in one sentence.
    """

    name: str
    meaning: str
    form: str
    required: bool
    example: str
    group: str


def describe(kind: Kind[Any]) -> list[Row]:
    """Every field of the kind in declared order, each followed by the fields inside it."""
    return list(_rows(kind.fields, ""))


def grouped(cls: type[Any]) -> list[tuple[str, list[Shape]]]:
    """The fields of a record by what declares them: the record's own first, shared ones last."""
    groups: list[tuple[str, list[Shape]]] = []
    known = shapes(cls)
    for each in cls.__mro__:
        own = [s for s in known.values() if s.attribute in get_annotations(each)]
        if own:
            groups.append((meaning_of(each), own))
    return groups


def meaning_of(cls: type[Any]) -> str:
    """The record's docstring, its first sentence, without the word for facets."""
    text = (cls.__doc__ or "").strip().split("\n", 1)[0].removeprefix("Facet: ")
    return text[:1].upper() + text[1:]


def form(shape: Shape) -> str:
    """How the value is written, in an author's words."""
    one = _form_of_one(shape)
    if shape.is_list:
        return f"a list; each: {one}"
    return f"a list of `key: value`; each value: {one}" if shape.is_map else one


def example(shape: Shape) -> str:
    """YAML that the field takes: its own example, else one made of what is inside it."""
    doc = shape.note(Doc)
    if doc and doc.example:
        return doc.example if _FLOW.fullmatch(doc.example) else scalar(doc.example)
    one = _example_of_one(shape)
    return f"[{one}]" if shape.is_list else one


def inner_record(shape: Shape) -> type[Any] | None:
    """The record whose fields authors write inside this one; a parsed text has none."""
    return None if shape.note(Parsed) else shape.record


def scalar(text: str) -> str:
    """The text as one YAML value, in quotes where it would else be read as something more."""
    if _PLAIN.fullmatch(text) and not text.endswith((" ", ":")):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _rows(cls: type[Any], prefix: str) -> Iterator[Row]:
    groups = {s.name: group for group, own in grouped(cls) for s in own}
    for name, shape in shapes(cls).items():
        doc = shape.note(Doc)
        text = doc.text if doc else ""
        yield Row(
            prefix + name, text, form(shape), shape.required, example(shape), groups.get(name, "")
        )
        if inner := inner_record(shape):
            yield from _rows(inner, f"{prefix}{name}.")


def _form_of_one(shape: Shape) -> str:
    if shape.choices:
        return "one of " + ", ".join(f"`{word}`" for word in shape.choices)
    if reference := shape.note(Reference):
        article = "an" if reference.kind[0] in "aeiou" else "a"
        return "a tag" if reference.kind == "tag" else f"the id of {article} {reference.kind}"
    if inner := inner_record(shape):
        return f"fields, or {_short(inner)} alone" if _short(inner) else "fields"
    parsed = shape.note(Parsed)
    written = parsed.format if parsed else ""
    if written == "uri":
        return "a web address"
    return f"as in `{written}`" if _WRITTEN.match(written) else written or "text"


def _short(record: type[Any]) -> str:
    short = getattr(record, "__shorthand__", "")
    return f"its `{short}`" if short else ""


def _example_of_one(shape: Shape) -> str:
    if inner := inner_record(shape):
        known = list(shapes(inner).values())
        told = [s for s in known if s.required] or known
        return "{" + ", ".join(f"{s.name}: {example(s)}" for s in told) + "}"
    if shape.choices:
        return shape.choices[0]
    if reference := shape.note(Reference):
        return f"some-{reference.kind.split(' ')[0]}"
    parsed = shape.note(Parsed)
    return parsed.format if parsed and _WRITTEN.match(parsed.format) else "…"
