"""From everything that is published of moderation no count of one to four can be computed."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from communities import community, made_by
from counting_attack import Vector, by_sums, by_the_program, computed
from hypothesis import given
from hypothesis import strategies as st
from view_pages import Site

from townsquare import api, authoring, cli, pooling
from townsquare.problems import SetupError

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NAMES = ["Advertising", "Other", "Remarks", "Threats"]
PATH = "guidelines/transparency/2026-H1.md"
COUNTS = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 12), min_size=1)


def printed(counts: dict[str, int]) -> object:
    found = pooling.pooled(counts)
    return found if isinstance(found, str) else tuple(sorted(found))


@pytest.mark.parametrize(
    "names", [NAMES[:1], NAMES[:2], NAMES[2:], NAMES[:3], ["C", "a", "B"], NAMES]
)
def test_nobody_who_has_the_program_and_all_names_computes_a_small_count(names, full):
    def publish(vector: Vector) -> object:
        return printed(dict(zip(names, vector, strict=True)))

    groups = by_the_program(publish, len(names), 36 if full else 22)
    assert len(groups) > 5
    assert {what: c for what, held in groups.items() if (c := computed(held))} == {}


def smallest_first(vector: Vector) -> object:
    """A likely way to pool: small counts, and the next larger ones until they are five together."""
    left = sorted((count, name) for name, count in enumerate(vector))
    pool = [each for each in left if 0 < each[0] < 5]
    rest = [each for each in left if each not in pool]
    while pool and sum(count for count, _ in pool) < 5 and any(count for count, _ in rest):
        pool.append(next(each for each in rest if each[0]))
        rest.remove(pool[-1])
    return tuple(rest), sum(count for count, _ in pool)


def test_the_attack_succeeds_where_the_next_larger_category_is_pooled():
    groups = by_the_program(smallest_first, 3, 22)
    # Of 9, 9 and 4 are printed 9 and 13: no category is larger than one that is left, so 9 and 4.
    assert computed(groups[smallest_first((9, 9, 4))]) == [((2,), 4)]
    assert computed(by_sums({"a": 9}, ["a", "b", "c"], 22)) == []


@given(COUNTS)
def test_every_cell_is_zero_or_five_and_all_cases_are_counted(counts):
    rows, total = pooling.pooled(counts), sum(counts.values())
    if isinstance(rows, str):
        assert rows == "<5" and 0 < total < 5
    else:
        assert all(row.cases == 0 or row.cases >= 5 for row in rows)
        assert sum(row.cases for row in rows) == total
        assert len({row.category.casefold() for row in rows}) == len(rows)


@given(COUNTS)
def test_counts_that_give_nobody_away_are_left_as_they_are(counts):
    known = {name: count for name, count in counts.items() if count >= 5}
    if known:
        rows = pooling.pooled(known)
        assert not isinstance(rows, str) and dict(rows) == known


@given(COUNTS, st.integers(0, 2**32))
def test_what_the_command_publishes_adds_up_to_no_small_count(counts, seed):
    """The page, the list of periods, the data and the source, made from rows of cases."""
    cases = [name for name, count in counts.items() for _ in range(count)]
    Random(seed).shuffle(cases)
    with TemporaryDirectory() as folder:
        table = Path(folder, "closed", "cases.csv")
        table.parent.mkdir()
        lines = (f"2026-05-{n % 28 + 1:02},{name},SECRET{n}\n" for n, name in enumerate(cases))
        table.write_text("day,category,who\n" + "".join(lines))
        root = Path(folder, "root")
        root.mkdir()
        authoring.new_figures(root, "transparency", "2026-H1", table, "category", now=NOW)
        text = (root / PATH).read_text("utf-8")
        assert [p.name for p in root.rglob("*") if p.is_file()] == ["2026-H1.md"]
        made = community(Path(folder, "site"), {PATH: text})
        attacked(Site(made), made_by(api, made)["api/transparency.json"], text, counts)


def attacked(site: Site, data: bytes, text: str, counts: dict[str, int]) -> None:
    address = PATH.removesuffix(".md") + "/"
    everything = " ".join([site.html(address), site.html("guidelines/transparency/"), text])
    assert "SECRET" not in everything + data.decode()
    fields = json.loads(data)["items"][0]["fields"]
    rows = {row["category"]: int(row["count"]) for row in fields.get("cases", [])}
    # Whatever number stands anywhere, but for days and years, is one of the rows' or their sum.
    numbers = {int(n) for n in re.findall(r"<td>(\d+)</td>", everything)}
    assert numbers <= {*rows.values(), sum(rows.values())}
    total = sum(counts.values())
    if not rows:
        assert fields["total"] == "<5" and 0 < total < 5
        return
    assert computed([(count,) for count in rows.values()]) == []
    names = sorted(counts)
    known = {name: count for name, count in rows.items() if name != "Other"}
    assert computed(by_sums(known, names, sum(rows.values()))) == []


def test_a_table_may_tell_counts_or_cases_with_any_separator():
    text = "kind;note;count\n Spam ;x;7\nspam;;2\n\nThreats;y;0\n"
    assert pooling.counted(text, "kind") == {"Spam": 9, "Threats": 0}
    assert pooling.counted("category\tday\nA\t1\nA\t2\n") == {"A": 2}
    assert pooling.counted('category\n"A, B"\n') == {"A, B": 1}
    assert pooling.counted("category\n") == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("SECRET,SECRET\nSECRET,1\n", "first line names no column `category`"),
        ("category,who\nA,SECRET\n,SECRET\n", "line 3 has no category"),
        ("category,count\nA,SECRET\n", "count of line 2"),
        ("category,count\nSECRET\x00,1\n", "line 2 has no category|no CSV"),
        ("category,count\nSECRET,-3\n", "count of line 2"),
        ('category\n"SECRET\n', "does not end"),
        ("", "first line"),
    ],
)
def test_a_fault_names_a_line_and_nothing_that_stands_in_it(text, line):
    with pytest.raises(SetupError, match=line) as raised:
        pooling.counted(text)
    assert "SECRET" not in str(raised.value)


def run(root: Path, table: Path, *words: str) -> tuple[int, str]:
    from click.testing import CliRunner

    options = ["--root", str(root), "--now", "2026-11-23T12:00:00Z", "--from", str(table)]
    done = CliRunner().invoke(cli.main, ["new", *words, *options])
    return done.exit_code, done.output


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    (tmp_path / "closed").mkdir()
    (tmp_path / "root" / ".git").mkdir(parents=True)
    (tmp_path / "root" / "site").mkdir()
    out = io.StringIO()
    csv.writer(out).writerows([["category", "who"], *(["=Spam", "SECRET"] for _ in range(6))])
    file = tmp_path / "closed" / "cases.csv"
    file.write_text(out.getvalue())
    return file


def test_the_command_writes_a_period_once(closed, tmp_path):
    root = tmp_path / "root" / "site"
    code, said = run(root, closed, "transparency", "2026-h1")
    assert code == 0 and said.startswith(str(root / PATH)) and "SECRET" not in said
    assert '- {category: "=Spam", count: 6}' in (root / PATH).read_text()
    code, said = run(root, closed, "transparency", "2026-H1")
    assert code == 2 and "there already" in said


@pytest.mark.parametrize("inside", ["cases.csv", "site/cases.csv", "link.csv", "../out.csv"])
def test_a_table_in_the_repository_is_refused_whatever_leads_to_it(closed, tmp_path, inside):
    root, file = tmp_path / "root", tmp_path / "root" / inside
    if inside == "link.csv":
        file.symlink_to(closed)
    elif inside == "../out.csv":
        (root / "real.csv").write_text("category\nSECRET\n")
        file.symlink_to(root / "real.csv")
    else:
        file.write_text("category\nSECRET\n")
    code, said = run(root / "site", file, "transparency", "2026-H1")
    assert code == 2 and "stands in the repository" in said and "SECRET" not in said
    assert not (root / "site" / PATH).exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("transparency", "2026-H2"), "lasts until 2026-12-31"),
        (("transparency", "last year"), "is not a period"),
        (("post", "2026-H1"), "only transparency"),
    ],
)
def test_what_cannot_be_counted_is_said(closed, tmp_path, words, said):
    code, told = run(tmp_path / "root", closed, *words)
    assert (code, said in told) == (2, True), told


def test_two_tables_that_differ_by_a_few_cases_give_those_away(tmp_path):
    from townsquare.kinds import transparency
    from townsquare.settings import Settings

    def found(*outcomes: int) -> list[str]:
        rows = [transparency.Cases(category=f"o{n}", count=n) for n in outcomes]
        cases = (transparency.Cases(category="a", count=9),)
        period = transparency.times.parse_period("2026-H1")
        figures = transparency.Transparency(
            title="T", period=period, cases=cases, outcomes=tuple(rows)
        )
        return [each.code for each in transparency.check(figures, Settings())]

    assert found(9) == found(14) == found(9, 0) == []
    assert found(5, 5) == found(7) == ["small_count"]


def test_a_case_of_another_period_is_refused_and_none_is_quoted(tmp_path):
    table = tmp_path / "cases.csv"
    rows = ["2026-05-01,spam,SECRET"] * 9 + ["2025-01-01,spam,SECRET"]
    table.write_text("day,category,who\n" + "\n".join(rows) + "\n")
    root = tmp_path / "root"
    root.mkdir()
    with pytest.raises(SetupError, match="outside of 2026-H1") as raised:
        authoring.new_figures(root, "transparency", "2026-H1", table, "category", now=NOW)
    assert "SECRET" not in str(raised.value)
    assert not list(root.rglob("*.md"))
