"""Single values as authors write them: what is taken, and in which words the rest is refused."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townsquare import kinds, texts
from townsquare.codes import CODES
from townsquare.fields import Parsed, shapes
from townsquare.problems import Fault
from townsquare.settings import Settings

ANY = st.text(st.characters(), max_size=80) | st.text("aé1 -.:/@#?%,\u202e\u0301\n\t", max_size=300)


def parsers(cls: type, seen: set[type]) -> set:
    """Every parser that a record's fields use, nested records' included."""
    if cls in seen:
        return set()
    seen.add(cls)
    found = {note.parse for shape in shapes(cls).values() if (note := shape.note(Parsed))}
    inner = (shape.record for shape in shapes(cls).values() if shape.record)
    return found.union(*(parsers(each, seen) for each in inner))


SEEN: set[type] = set()
RECORDS = (Settings, *(kind.fields for kind in kinds.KINDS))
PARSERS = sorted(
    {parser for each in RECORDS for parser in parsers(each, SEEN)},
    key=lambda parser: parser.__qualname__,
)


def refused(parse, text: str) -> str:
    with pytest.raises(Fault) as found:
        parse(text)
    return f"{found.value.code}: {found.value.message} | {found.value.hint}"


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parser: parser.__qualname__)
@given(text=ANY)
def test_any_text_has_a_value_or_a_fault_with_something_to_do(parse, text):
    try:
        parse(text)
    except Fault as fault:
        assert fault.code in CODES
        assert fault.message and fault.hint
        assert len(fault.message) < 400 and "\n" not in fault.message


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parser: parser.__qualname__)
def test_a_huge_value_is_refused_in_a_short_message(parse):
    for sign in ("x", "9", "-", "é", "\u0315\u0300"):
        try:
            parse(sign * 120_000)
        except Fault as fault:
            assert len(fault.message) + len(fault.hint) < 1000


@given(st.text(st.characters(), max_size=300))
def test_a_line_is_one_line_of_text_that_every_output_can_carry(text):
    try:
        line = texts.parse_line(text)
    except Fault:
        return
    assert line == " ".join(line.split()) == unicodedata.normalize("NFC", line)
    assert texts.unsafe_character(line) is None
    assert texts.parse_line(line) == line


@pytest.mark.parametrize("number", [0, 8, 11, 27, 127, 133, 0x2028, 0x202E, 0x2066, 0xD800, 0xFFFE])
def test_controls_and_marks_that_reorder_text_are_refused(number):
    assert texts.unsafe_character(f"ab{chr(number)}") == 2
    with pytest.raises(Fault, match="the text holds"):
        texts.parse_line(f"a{chr(number)}b")


@pytest.mark.parametrize("text", ["שלום\u200f!", "नमस्ते", "👩\u200d💻", "a\u0301", "a\tb\nc"])
def test_every_script_and_emoji_may_be_written(text):
    assert texts.unsafe_character(text) is None
    assert texts.parse_line(text) == unicodedata.normalize("NFC", " ".join(text.split()))


@pytest.mark.parametrize(
    ("word", "slug"),
    [
        ("Events", "events"),
        ("Code of Conduct", "code-of-conduct"),
        ("C++", "c"),
        ("a_b  c", "a-b-c"),
        ("Café", "café"),
        ("Cafe\u0301", "café"),
        ("हिन्दी", "हिन्दी"),
        ("İstanbul", "i\u0307stanbul"),
        ("漢字!", "漢字"),
        ("!?", ""),
    ],
)
def test_a_slug_keeps_letters_digits_and_marks(word, slug):
    assert texts.spelling(word) == slug
    assert texts.spelling(slug) == slug


@given(st.text(st.characters(), max_size=30))
def test_a_slug_is_a_name_and_its_own_slug(word):
    slug = texts.spelling(word)
    assert texts.spelling(slug) == slug
    assert not set("/. ") & set(slug)


@pytest.mark.parametrize("name", ["a.md", "my-post.md", "2026", "_x", "-x", "café.md", "हिन्दी.md"])
def test_a_name_of_letters_digits_and_few_signs_can_be_part_of_an_address(name):
    assert texts.is_name(name)


OTHERS = ["", ".", "..", ".git", "a.", "a b", "a%b", "a'b", "a/b", "a\\b", "\u0301a", "a\n"]


@pytest.mark.parametrize("name", OTHERS)
def test_other_names_cannot(name):
    assert not texts.is_name(name)


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (texts.parse_slug, "spring-school.2026", "spring-school.2026"),
        (texts.parse_tag, "Code of Conduct", "Code of Conduct"),
        (texts.parse_flag, " YES ", True),
        (texts.parse_flag, "off", False),
        (texts.parse_count, " 040 ", 40),
        (texts.parse_url, "https://example.org:8080/a?b=c#d", "https://example.org:8080/a?b=c#d"),
        (texts.parse_url, "https://social.example/@ana", "https://social.example/@ana"),
        (texts.parse_contact, "mailto:team@example.org", "mailto:team@example.org"),
        (texts.parse_address, "/blog/old-name/", "blog/old-name/"),
        (texts.parse_address, "blog/old", "blog/old/"),
        (texts.parse_address, "/2019/a.html", "2019/a.html"),
        (texts.parse_file_path, "../img/cover.png", "../img/cover.png"),
        (texts.parse_language, "pt-BR", "pt-BR"),
    ],
)
def test_a_value_is_taken_as_it_is_meant(parse, text, value):
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text", "words"),
    [
        (texts.parse_line, "  ", "value_invalid: the value is empty"),
        (texts.parse_text, "\u00a0", "value_invalid: the value is empty"),
        (texts.parse_line, "x" * 201, "value_too_long: 201 characters, at most 200 fit"),
        (texts.parse_slug, "ana, bo", "value_invalid: `ana, bo` is not an id"),
        (texts.parse_slug, "-x", "value_invalid: `-x` is not an id"),
        (texts.parse_tag, "a, b", "value_not_a_list: tags are a list | write `[a, b]`"),
        (texts.parse_slug, "日" * 70, "value_too_long: 210 bytes in UTF-8"),
        (texts.parse_tag, "日" * 70, "value_too_long: 210 bytes in UTF-8"),
        (texts.parse_address, "日" * 70, "value_too_long: 210 bytes in UTF-8"),
        (texts.parse_tag, "!!!", "value_invalid: `!!!` holds no letter or digit"),
        (texts.parse_flag, "maybe", "value_invalid: `maybe` is neither yes nor no"),
        (texts.parse_count, "-1", "value_invalid: `-1` is not a whole number"),
        (texts.parse_count, "²", "value_invalid: `²` is not a whole number"),
        (texts.parse_url, "example.org", "value_invalid: `example.org` is not a web address"),
        (texts.parse_url, "javascript:alert(1)", "value_invalid: `javascript:alert(1)` is not"),
        (texts.parse_url, "https://", "value_invalid: `https://` is not a web address"),
        (texts.parse_url, "https://a.example:99999/", "value_invalid: `https://a.example:99999"),
        (texts.parse_url, "https://[::1/", "value_invalid: `https://[::1/` is not an address"),
        (texts.parse_url, "https://a.example/<b>", "value_invalid: an address cannot hold `<`"),
        (texts.parse_url, "https://u:p@a.example/", "value_invalid: the address names a user"),
        (texts.parse_contact, "a@b.example", "value_invalid: `a@b.example` is not a whole address"),
        (texts.parse_contact, "mailto:a@b.example?bcc=c", "value_invalid: `mailto:a@b.example"),
        (texts.parse_address, "https://a.example/b", "value_invalid: `https://a.example/b` is not"),
        (texts.parse_address, "/a/../b/", "value_invalid: `/a/../b/` is not an address"),
        (texts.parse_address, "/", "value_invalid: `/` is not an address on this site"),
        (texts.parse_file_path, "/etc/passwd", "value_invalid: `/etc/passwd` is not a file"),
        (texts.parse_file_path, "a\\b.png", "value_invalid: `a\\b.png` is not a file"),
        (texts.parse_language, "deutsch", "value_invalid: `deutsch` is not a language tag"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_in_words(parse, text, words):
    assert refused(parse, text).startswith(words)
