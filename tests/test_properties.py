"""Whatever authors write in any field of any kind: a build ends with problems or a whole site."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from communities import NOW
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from townsquare import build, kinds, ledger, pages, proof
from townsquare.fields import Doc, Shape, shapes
from townsquare.model import Kind
from townsquare.problems import Severity

NASTY = st.sampled_from(
    [
        *("", "~", "x", "2026-11-23", "2026-02-30", "2026-11-23 18:00", "18:00", "24:00", "1h30m"),
        *("9999-12-31", "1900-01-01", "2199-12-31", "2027-03-28 02:30", "UTC", "Europe/Berlin"),
        *("online", "cancelled", "postponed", "rescheduled", "moved-online", "hybrid", "weekly"),
        *(
            "a",
            "b",
            "c",
            "A",
            "../x.png",
            "https://example.org/",
            "mailto:a@b.example",
            "javascript:x",
        ),
        *(
            "<script>alert(1)</script>",
            "]]>",
            "&amp;",
            "{{ 7*7 }}",
            "'\"`",
            "é",
            "漢字",
            "yes",
            "no",
        ),
        *(
            "0",
            "1",
            "999999999",
            "<5",
            "not collected",
            "first thursday",
            "day",
            "2 weeks",
            "month",
        ),
        *("FREQ=DAILY", "FREQ=WEEKLY;COUNT=3", "FREQ=YEARLY;UNTIL=20300101", "x" * 300, "\u202e"),
    ]
)
WORDS = st.text("ab \n#*_`[]()<>!&|:-", max_size=30)
FIELDS = sorted({name for kind in kinds.KINDS for name in shapes(kind.fields)} - {"except"})


def values(depth: int = 2) -> st.SearchStrategy[Any]:
    if not depth:
        return NASTY | WORDS
    inner = values(depth - 1)
    names = st.sampled_from(
        [
            "name",
            "title",
            "url",
            "person",
            "id",
            "start",
            "end",
            "status",
            "every",
            "on",
            "until",
            "times",
            "except",
            "also",
            "date",
            "summary",
            "rung",
            "event",
            "consequence",
            "category",
            "count",
            "role",
            "since",
            "contact",
            "reaches",
            "src",
            "alt",
        ]
    )
    return inner | st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4)


def examples(kind: Kind[Any]) -> dict[str, str]:
    """What each field shows as its example, as YAML."""
    found = ((s.name, s.note(Doc)) for s in shapes(kind.fields).values())
    return {name: doc.example for name, doc in found if doc and doc.example}


def needed(shape: Shape, kind: Kind[Any]) -> str:
    return shape.choices[0] if shape.choices else examples(kind).get(shape.name, "x")


@st.composite
def entries(draw: st.DrawFn) -> tuple[str, str]:
    """A file of any kind: what it needs, some fields as their examples, some as anything."""
    kind = draw(st.sampled_from(kinds.KINDS))
    front: dict[str, Any] = {
        s.name: needed(s, kind) for s in shapes(kind.fields).values() if s.required
    }
    shown = examples(kind)
    for name in draw(st.lists(st.sampled_from(sorted(shown)), max_size=6, unique=True)):
        front[name] = shown[name]
    lines = [f"{name}: {value}" for name, value in front.items()]
    for name in draw(st.lists(st.sampled_from(FIELDS), max_size=4, unique=True)):
        lines = [line for line in lines if not line.startswith(f"{name}:")]
        lines.append(f"{name}: {flow(draw(values()))}")
    name = draw(st.sampled_from(["a", "b", "c", "index", "2026-11-24-a"]))
    folder = draw(st.sampled_from([kind.folder, f"{kind.folder}/2026"]))
    return f"{folder}/{name}.md", "\n".join(["---", *lines, "---", draw(WORDS)])


def flow(value: Any) -> str:
    """The value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    return "'" + value.replace("'", "''").replace("\n", " ") + "'"


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(entries(), min_size=1, max_size=8))
def test_any_community_has_problems_at_places_that_are_there_and_a_site_of_the_rest(files):
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path, text in files:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        checked = build.check(root, now=NOW)
        for each in checked.problems:
            lines = (root / each.place.path).read_text("utf-8").split("\n")
            assert 1 <= each.place.line <= len(lines)
            assert 1 <= each.place.column <= len(lines[each.place.line - 1]) + 1
            assert each.message and (each.hint or each.severity is not Severity.ERROR), each
        plan = build.plan(build.without_faulty(checked), previous=ledger.Previous())
        article = pages.Article(plan.community.settings, plan.community.addresses)
        for page in plan.pages:
            article.render(page)
        proof.check(plan.files)
