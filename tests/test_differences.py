"""What changed between two texts is told whole, and in words that read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from townsquare.differences import Part, Row, between, rows

LINES = st.lists(
    st.lists(st.sampled_from(["we", "ask", "first", "-", "no,", "Never"]), max_size=7).map(
        " ".join
    ),
    max_size=9,
).map("\n".join)


def told(found: list[Row] | tuple[Row, ...], *marks: str) -> list[str]:
    """The words of one of the two texts, of those in no gap."""
    texts = ("".join(part.text for part in row.parts if part.mark in marks) for row in found)
    return " ".join(texts).split()


@given(LINES, LINES)
def test_both_texts_can_be_read_from_what_is_told(old, new):
    found = rows(old, new)
    assert told(found, "", "del") == old.split()
    assert told(found, "", "ins") == new.split()


@given(LINES, LINES)
def test_nothing_is_told_of_texts_that_are_the_same_and_something_of_others(old, new):
    kinds = {row.kind for row in between(old, new)}
    lines = [[line.rstrip() for line in text.splitlines() if line.strip()] for text in (old, new)]
    assert (kinds <= {"same", "gap"}) == (lines[0] == lines[1])


def test_a_word_that_changed_is_marked_within_its_line():
    (row,) = between("We answer within three days.", "We answer within one working day.")
    assert row == Row(
        "changed",
        (
            Part("", "We answer within "),
            Part("del", "three days"),
            Part("ins", "one working day"),
            Part("", "."),
        ),
    )


def test_a_lone_word_between_two_changes_is_part_of_a_phrase():
    old = "After the second warning members leave our rooms, at once."
    (row,) = between(old, "After the third warning people leave our rooms, at once.")
    assert [part for part in row.parts if part.mark] == [
        Part("del", "second warning members"),
        Part("ins", "third warning people"),
    ]


def test_of_lines_that_changed_together_each_is_told_beside_what_became_of_it():
    old = "- Threats.\n- Slurs, and jokes that are slurs.\n- Both sides may ask for a second look."
    new = "- We write to you.\n- Both sides may ask for a second look, once.\n- It ends."
    kinds = [row.kind for row in between(old, new)]
    assert kinds == ["removed", "removed", "added", "changed", "added"]


def test_what_is_far_from_a_change_is_only_counted():
    old = "\n\n".join(f"Rule {n}." for n in range(9))
    found = between(old, old.replace("Rule 4.", "Another one altogether!"))
    assert [(row.kind, row.lines) for row in found] == [
        ("gap", 3), ("same", 1), ("removed", 1), ("added", 1), ("same", 1), ("gap", 3),
    ]  # fmt: skip


def test_a_line_that_is_broken_elsewhere_has_no_words_that_changed():
    (row,) = between("one two three four\nfive", "one two three\nfour five")
    assert (row.kind, {part.mark for part in row.parts}) == ("changed", {""})


def test_texts_that_repeat_themselves_without_end_are_shown_whole():
    old, new = "a\n" * 2000, "a\nb\n" * 2000
    found = between(old, new)
    assert len(found) == 6000 and {row.kind for row in found} == {"removed", "added"}
    assert [row.kind for row in between("a " * 2000, "a b " * 2000)] == ["removed", "added"]
