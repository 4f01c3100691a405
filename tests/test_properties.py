"""Whatever authors write in any field of any kind: a build ends with problems or a whole site."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from communities import NOW
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from townsquare import build, kinds, ledger, pages, proof
from townsquare.fields import Doc, Shape, shapes
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
DAYS = st.sampled_from(["2026-05-21", "2026-11-26", "2026-12-03", "soon"])
WORDS = st.text("ab \n#*_`[]()<>!&|:-", max_size=30)

# What the fields' examples name.
BASE = {
    **{f"content/people/{n}.md": "---\ntitle: A\n---\n" for n in ("ana", "bo", "conduct-team")},
    **{
        f"events/{n}.md": "---\ntitle: E\nstart: 2026-05-21\n---\n"
        for n in ("may-call", "pycon-2026")
    },
    "events/community-call.md": "---\ntitle: C\nstart: 2026-05-22\n---\n",
    "content/partners/acme.md": "---\ntitle: Acme\nurl: https://example.org\n---\n",
    **{f"content/onboarding/{n}.md": "---\ntitle: G\n---\n" for n in ("first-post", "first-steps")},
    "content/onboarding/read-the-errors.md": "---\ntitle: R\n---\n",
    "guidelines/house-rules.md": (
        "---\ntitle: H\ntype: policy\nversion: 1\nstatus: superseded\neffective: 2025-01-01\n---\n"
    ),
}


@st.composite
def values(draw: st.DrawFn, shape: Shape, depth: int = 2) -> str:
    """What an author may write in a field, as YAML: mostly what fits, sometimes anything."""
    fits = list(fitting(shape, depth))
    if fits and draw(st.sampled_from(range(20))):
        return draw(st.one_of(fits))
    plain = (NASTY | WORDS).map(flow)
    return draw(plain | st.lists(plain, max_size=3).map(as_list))


def fitting(shape: Shape, depth: int) -> Iterator[st.SearchStrategy[str]]:
    doc = shape.note(Doc)
    if shape.choices:
        yield st.sampled_from(shape.choices)
    if doc and doc.example:
        yield st.just(doc.example)
    if shape.record and depth:
        inner = records(shape.record, depth - 1)
        if shape.is_map:
            yield st.dictionaries(DAYS, inner, max_size=3).map(as_fields)
        else:
            yield st.lists(inner, max_size=3).map(as_list) if shape.is_list else inner


def records(cls: type, depth: int) -> st.SearchStrategy[str]:
    """A record's fields: what it needs, and a few others."""

    @st.composite
    def made(draw: st.DrawFn) -> str:
        known = shapes(cls)
        chosen = [name for name, shape in known.items() if shape.required]
        chosen += draw(st.lists(st.sampled_from(sorted(known)), max_size=4))
        return as_fields({name: draw(values(known[name], depth)) for name in dict.fromkeys(chosen)})

    return made()


@st.composite
def entries(draw: st.DrawFn) -> tuple[str, str]:
    """A file of any kind, with a few of its fields and seldom one that is none of them."""
    kind = draw(st.sampled_from(kinds.KINDS))
    known = shapes(kind.fields)
    chosen = [n for n, shape in known.items() if shape.required or n in ("start", "cases")]
    chosen += draw(st.lists(st.sampled_from(sorted(known)), max_size=5))
    lines = [f"{name}: {draw(values(known[name]))}" for name in dict.fromkeys(chosen)]
    lines += [] if draw(st.sampled_from(range(20))) else ["nothing: 1", "title: again"]
    name = draw(st.sampled_from(["a", "b", "c", "ana", "index", "2026-11-24-a"]))
    folder = draw(st.sampled_from([kind.folder, f"{kind.folder}/2026"]))
    return f"{folder}/{name}.md", "\n".join(["---", *lines, "---", draw(WORDS)])


def as_list(items: list[str]) -> str:
    return f"[{', '.join(items)}]"


def as_fields(fields: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in fields.items()) + "}"


def flow(text: str) -> str:
    """The text as YAML on one line, quoted."""
    return "'" + text.replace("'", "''").replace("\n", " ") + "'"


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(entries(), min_size=1, max_size=8))
def test_any_community_has_problems_at_places_that_are_there_and_a_site_of_the_rest(files):
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path, text in [*BASE.items(), *files]:
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
