"""What is accepted without pydantic is what pydantic makes of the same front matter."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from townsquare import kinds, rebuilding, source, validation
from townsquare.fields import normalised

TESTS = Path(__file__).parent
PLACES = (TESTS.parent, TESTS / "golden" / "community", TESTS / "fifty" / "community")

ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(None, True, False, 0, 1, -1, 10**20, 1.0, 1.5, float("nan"), float("inf")),
        *("", " ", "yes", "1", "ana", "#12", "https://a.example", "javascript:x", "a\nb", "\0"),
        *("2026-01-02", "2026-01-02 18:00", "18:00", "Europe/Berlin", "online", "P1D", "30 min"),
        *(datetime.date(2026, 1, 2), datetime.datetime(2026, 1, 2, 18)),
        *([], {}, [None], ["a", "a"], [1], {"a": 1}, {"name": "Cy"}, [{"name": "Cy"}]),
    ]
)


def fronts() -> list[tuple[type[Any], dict[str, Any]]]:
    """Front matter of every kind, with the fields that its kind has."""
    found: list[tuple[type[Any], dict[str, Any]]] = []
    for place in PLACES:
        for folder in ("content", "events", "guidelines"):
            for file in sorted((place / folder).rglob("*.md")):
                path = file.relative_to(place).as_posix()
                kind = kinds.kind_of(path)
                parsed, _ = source.parse(path, file.read_text("utf-8", "replace"))
                if kind and parsed:
                    found.append((kind.fields, parsed.front))
    return found


FRONTS = fronts()


def both(fields: type[Any], front: dict[str, Any]) -> tuple[Any, Any]:
    """What we make of the values and what pydantic does, nothing where it is refused."""
    full = normalised(fields, front, lambda _old, _new: None)
    try:
        judged = validation._adapter(fields).validate_python(full)
    except ValidationError:
        judged = None
    return rebuilding.accepted(fields, full), judged


def test_real_front_matter_is_nearly_all_accepted_and_as_pydantic_has_it() -> None:
    made = [both(fields, front) for fields, front in FRONTS]
    assert [(ours, judged) for ours, judged in made if ours is not None and ours != judged] == []
    right = [ours is not None for ours, judged in made if judged is not None]
    assert len(right) > 60 and sum(right) / len(right) > 0.95


@settings(max_examples=600, deadline=None)
@given(data=st.data())
def test_odd_values_are_never_accepted_where_pydantic_refuses_or_reads_them_otherwise(
    data: st.DataObject,
) -> None:
    fields, typed = data.draw(st.sampled_from(FRONTS))
    front = dict(typed)
    names = sorted({*front, *fields.__dataclass_fields__})
    for name in data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3)):
        front[name] = data.draw(ODD)
    ours, judged = both(fields, front)
    if ours is not None:
        assert repr(ours) == repr(judged)
