"""What a declaration says: shapes, shorthand with its positions, references."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, ClassVar, Literal

import pytest

from townsquare import source
from townsquare.fields import Doc, Parsed, Reference, normalised, record, references, shapes
from townsquare.problems import Fault, Place
from townsquare.validation import validate


def parse_even(text: str) -> int:
    if not text.isdecimal() or int(text) % 2:
        raise Fault("value_invalid", f"`{text}` is not even", "write an even number")
    return int(text)


@record
class Guest:
    """Somebody."""

    __shorthand__: ClassVar[str] = "id"

    id: Annotated[str | None, Reference("person"), Parsed(str), Doc("Who.", "ana")] = None
    name: Annotated[str | None, Parsed(str)] = None


@record
class Party:
    """An evening."""

    title: Annotated[str, Parsed(str), Doc("What it is called.", "Tea")]
    guests: tuple[Guest, ...] = ()
    chairs: Annotated[int | None, Parsed(parse_even)] = None
    mood: Literal["loud", "quiet"] = "quiet"
    except_: tuple[Annotated[str, Parsed(str)], ...] = ()
    rooms: dict[str, Guest] = field(default_factory=dict)


def read(front: str) -> tuple[Party | None, list[str]]:
    parsed, found = source.parse("x.md", f"---\n{front}\n---\n")
    assert parsed is not None, found
    party, found = validate(Party, parsed)
    return party, [
        f"{p.place.line}:{p.place.column} {p.label}: {p.message} | {p.hint}" for p in sorted(found)
    ]


def test_a_shape_is_the_field_as_authors_write_it():
    found = shapes(Party)
    assert list(found) == ["title", "guests", "chairs", "mood", "except", "rooms"]
    assert found["except"].attribute == "except_"
    assert [name for name, shape in found.items() if shape.required] == ["title"]
    assert [name for name, shape in found.items() if shape.is_list] == ["guests", "except"]
    assert found["guests"].record is Guest and found["rooms"].is_map
    assert found["mood"].choices == ("loud", "quiet")
    assert found["title"].note(Doc) == Doc("What it is called.", "Tea")


@pytest.mark.parametrize(
    "guests",
    ["ana", "[ana]", "{id: ana}", "[{id: ana}]", "\n  - ana", "\n  - id: ana", "\n  id: ana"],
)
def test_every_shorthand_means_the_same(guests):
    party, faults = read(f"title: A\nguests: {guests}")
    assert faults == []
    assert party is not None and party.guests == (Guest(id="ana"),)


@pytest.mark.parametrize(
    ("written", "line", "column"),
    [
        ("guests: ana", 3, 9),
        ("guests: [bo, ana]", 3, 14),
        ("guests: {id: ana}", 3, 14),
        ("guests:\n  - bo\n  - id: ana", 5, 9),
        ("guests:\n  name: A\n  id: ana", 5, 7),
        ("rooms: {hall: ana}", 3, 15),
    ],
)
def test_a_value_is_found_where_it_was_typed_whatever_its_shorthand(written, line, column):
    parsed, _ = source.parse("x.md", f"---\ntitle: A\n{written}\n---\n")
    assert parsed is not None
    party, _ = validate(Party, parsed)
    named = [each for each in references(party) if each.id == "ana"]
    assert [each.kind for each in named] == ["person"]
    assert parsed.place(named[0].loc) == Place("x.md", line, column, 3)


def test_unknown_fields_are_named_with_what_was_meant_also_inside_shorthand():
    _, faults = read("title: A\nguests: {nam: Bo}\nmod: loud\nexcept_: [a]")
    assert faults == [
        "3:10 field-unknown: no field is called `nam` | did you mean `name`?",
        "4:1 field-unknown: no field is called `mod` | did you mean `mood`?",
        "5:1 field-unknown: no field is called `except_` | did you mean `except`?",
    ]


def test_a_field_that_is_there_already_is_never_what_was_meant():
    _, faults = read("title: A\ntitel: B")
    assert faults == [
        (
            "3:1 field-unknown: no field is called `titel` | "
            "the fields are: guests, chairs, mood, except, rooms"
        )
    ]


def test_every_fault_of_a_file_is_reported_with_its_parsers_own_words():
    _, faults = read("chairs: 3\nmood: angry\nguests: [[ana]]\nrooms: [a]")
    assert [fault.split(" |")[0] for fault in faults] == [
        "1:1 field-missing: the field `title` is missing",
        "2:9 value-invalid: `3` is not even",
        "3:7 value-not-listed: `angry` is not a word that `mood` takes",
        "4:10 value-not-fields: `guests` takes fields of its own, not a list",
        "5:1 value-not-fields: `rooms` takes fields of its own, not a list",
    ]


def test_a_missing_field_is_shown_as_it_could_be_written():
    assert read("mood: loud")[1] == [
        "1:1 field-missing: the field `title` is missing | add `title: Tea`"
    ]


@pytest.mark.parametrize("value", ["[a]", "{a: b}"])
def test_a_parsed_value_is_one_text(value):
    _, faults = read(f"title: {value}")
    assert faults[0].startswith("2:1 value-not-text: `title` takes one value, not")


def test_an_absent_field_has_its_default_which_is_not_parsed():
    party, _ = read("title: A")
    assert party == Party(title="A")


def test_what_is_not_fields_at_all_is_left_as_it_is():
    assert normalised(Party, "text", print) == "text"
    assert normalised(Party, ["text"], print) == ["text"]
