"""YAML's and pydantic's own codes reach an author in plain words, at the place to mend."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from townsquare import wording
from townsquare.fields import Doc, record, shapes
from townsquare.problems import Fault

LOADERS = (yaml.CSafeLoader, yaml.SafeLoader)
QUOTED = "put the value in quotes: "
MISTAKES = [
    ("title: A: b\n", (0, 8), "a second `: ` stands on this line", QUOTED + '`title: "A: b"`'),
    ("title: 'it's'\n", (0, 11), "text follows the closing `'`", QUOTED + '`title: "it\'s"`'),
    (
        'title: "May" call\n',
        (0, 13),
        'text follows the closing `"`',
        QUOTED + "`title: '\"May\" call'`",
    ),
    ("title: [A] b\n", (0, 11), "text follows the closing `]`", QUOTED + '`title: "[A] b"`'),
    ("title: @home\n", (0, 7), "a value cannot begin with `@`", QUOTED + '`title: "@home"`'),
    ("title: `x`\n", (0, 7), "a value cannot begin with a backtick", QUOTED + '`title: "`x`"`'),
    ("title: %x\n", (0, 7), "a value cannot begin with `%`", QUOTED + '`title: "%x"`'),
    ("title: *b*\n", (0, 7), "a value cannot begin with `*`", QUOTED + '`title: "*b*"`'),
    ("title: & b\n", (0, 7), "a value cannot begin with `&`", QUOTED + '`title: "& b"`'),
    ("title: > b\n", (0, 7), "a value cannot begin with `>`", QUOTED + '`title: "> b"`'),
    ("tags: [*]\n", (0, 7), "a value cannot begin with `*`", "put it in quotes"),
    (
        "tags: - a\n",
        (0, 6),
        "a list cannot begin on its field's line",
        "write `tags: [a]`, or each `- item` on a line of its own",
    ),
    (
        "t: x\np:\n\tn: y\n",
        (2, 0),
        "this line is indented with a tab",
        "use spaces, two for each level",
    ),
    (
        'a: "May\nb: c\n',
        (0, 3),
        "the quote that begins here is never closed",
        'end the value with `"`',
    ),
    (
        "a: 'May\nb: c\n",
        (0, 3),
        "the quote that begins here is never closed",
        "end the value with `'`",
    ),
    ("a: [b, c\nd: e\n", (0, 3), "the `[` is never closed", "end it with `]`"),
    ("a: {b: c\nd: e\n", (0, 3), "the `{` is never closed", "end it with `}`"),
    ("a: [b}\n", (0, 5), "what `[` began ends with `}`", "end it with `]`"),
    (
        'a: ["b" "c"]\n',
        (0, 8),
        "a comma or `]` is missing before this",
        "put a comma between items, and quotes around an item with a colon or a quote in it",
    ),
    (
        "title: x\n  date: y\n",
        (1, 2),
        "`date` is indented below a value",
        "begin `date` in the column in which the fields above begin",
    ),
    (
        "place:\n  name: x\n city: y\n",
        (2, 1),
        "this line's indentation fits nothing above it",
        "begin it in the same column as the fields that it belongs to",
    ),
    (
        "tags:\n  - a\n - b\n",
        (2, 1),
        "this item stands in no list",
        "begin every `- item` of a list in one column, below the list's own field",
    ),
    ("- a\nb: c\n", (1, 0), "this line is neither an item nor part of one", "begin it with `- `"),
    (
        " title: x\ndate: y\n",
        (0, 0),
        "the first field is indented",
        "begin every field in column 1",
    ),
    ("title: x\n...\nb: c\n", (1, 0), "`...` is not a field", "delete this line"),
    (
        "title: x\ndate 2026\n",
        (1, 0),
        "this line has no `: `",
        "write `name: value`; a value that goes on from the line above is indented",
    ),
    ("title:x\ndate: y\n", (0, 5), "a space is missing after the colon", "write `title: x`"),
    (
        'a: "C:\\q"\n',
        (0, 6),
        "after a `\\` between double quotes comes a letter that it does not know",
        "write `\\\\`, or put the value in single quotes",
    ),
    (
        "t: a\nb: ü\x07c\n",
        (1, 4),
        "the control character U+0007 stands here",
        "delete it and type the text anew",
    ),
]


@pytest.mark.parametrize("loader", LOADERS, ids=["libyaml", "python"])
@pytest.mark.parametrize(
    ("text", "at", "message", "hint"), MISTAKES, ids=[repr(m[0]) for m in MISTAKES]
)
def test_a_yaml_mistake_is_explained_where_it_was_made(loader, text, at, message, hint):
    error = _yaml_error(text, loader)
    assert wording.yaml_fault(error, text) == (message, hint)
    assert wording.yaml_place(error, text) == at


@pytest.mark.parametrize("loader", LOADERS, ids=["libyaml", "python"])
@pytest.mark.parametrize("text", [m[0] for m in MISTAKES if m[3].startswith(QUOTED)])
def test_the_line_that_a_hint_shows_is_valid_and_means_what_was_typed(loader, text):
    _, hint = wording.yaml_fault(_yaml_error(text, loader), text)
    (value,) = yaml.load(hint.removeprefix(QUOTED)[1:-1], Loader=loader).values()
    typed = text.removeprefix("title: ").strip()
    assert value == (typed[1:-1] if typed[0] == typed[-1] == "'" else typed)


@given(st.text(alphabet="a: '\"[]{},-\n\t@`%*&!|>?\\#\x07ü"))
def test_any_yaml_error_has_words_a_hint_and_a_place_inside_the_text(text):
    for loader in LOADERS:
        if (error := _yaml_error(text, loader)) is None:
            continue
        message, hint = wording.yaml_fault(error, text)
        line, column = wording.yaml_place(error, text)
        lines = text.split("\n")
        assert message and hint and "None" not in message
        assert 0 <= line < len(lines) and 0 <= column <= len(lines[line])


def _yaml_error(text, loader):
    try:
        list(yaml.parse(text, Loader=loader))
    except yaml.YAMLError as error:
        return error
    return None


@record
class Inner:
    """Fields within a field."""

    name: Annotated[str, Doc("A name.", "x")]


@record
class Outer:
    """One field of each sort."""

    word: Annotated[Literal["webinar", "meetup"], Doc("A word.", "meetup")] = "meetup"
    many: Annotated[tuple[str, ...], Doc("Many.", "[a]")] = ()
    inner: Annotated[Inner | None, Doc("More.", "{name: x}")] = None
    table: Annotated[dict[str, Inner] | None, Doc("By name.", "")] = None
    text: Annotated[str, Doc("Text.", "a word")] = ""


PYDANTIC = [
    (
        {"word": "webniar"},
        "value_not_listed",
        "`webniar` is not a word that `word` takes",
        "did you mean `webinar`? It takes: webinar, meetup",
    ),
    (
        {"word": ["meetup"]},
        "value_not_text",
        "`word` takes one value, not a list",
        "write it without `[`, `]` or `-`; quote it if it is meant as text",
    ),
    (
        {"many": "a"},
        "value_not_a_list",
        "`many` takes a list",
        "write `[one, two]`, or one `- item` on each line",
    ),
    (
        {"inner": "a"},
        "value_not_fields",
        "`inner` takes fields of its own, not `a`",
        "write it as `{name: …}`",
    ),
    (
        {"table": ["a"]},
        "value_not_fields",
        "`table` takes fields of its own, not a list",
        "write it as `{name: …}`",
    ),
    (
        {"text": {"a": "b"}},
        "value_not_text",
        "`text` takes one value, not fields",
        "put it on the field's own line, without `a:`",
    ),
    (
        {"text": ["a"]},
        "value_not_text",
        "`text` takes one value, not a list",
        "write it without `[`, `]` or `-`; quote it if it is meant as text",
    ),
]


@pytest.mark.parametrize(
    ("front", "code", "message", "hint"), PYDANTIC, ids=[str(p[0]) for p in PYDANTIC]
)
def test_a_value_of_the_wrong_form_is_explained_in_an_authors_words(front, code, message, hint):
    (error,) = _pydantic_errors(front)
    shape = shapes(Outer)[str(error["loc"][0])]
    assert wording.pydantic_fault(error, shape) == (code, message, hint)


def test_a_parsers_own_words_pass_through():
    error = {
        "type": "value_error",
        "input": "x",
        "ctx": {"error": Fault("date_invalid", "no", "do")},
    }
    assert wording.pydantic_fault(error, None) == ("date_invalid", "no", "do")


def test_an_error_that_pydantic_may_add_still_names_the_value_and_an_example():
    shape = shapes(Outer)["text"]
    worded = wording.pydantic_fault({"type": "some_new_type", "input": "x" * 100}, shape)
    assert worded == ("value_invalid", f"`{'x' * 59}…` does not fit `text`", "as in `text: a word`")


def test_a_list_where_text_belongs_is_a_fault_with_a_code():
    fault = wording.not_text(["a"])
    assert (fault.code, fault.message) == (
        "value_not_text",
        "the field takes one value, not a list",
    )


def test_no_words_name_a_python_type():
    shape = shapes(Outer)["text"]
    for kind in ("tuple_type", "list_type", "dict_type", "dataclass_type", "string_type", "enum"):
        for value in ({}, [], "", None, 1):
            said = " ".join(wording.pydantic_fault({"type": kind, "input": value}, shape))
            assert not {"dict", "tuple", "str", "None", "dataclass"} & set(said.split())


def _pydantic_errors(front):
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Outer).validate_python(front)
    return caught.value.errors(include_url=False)
