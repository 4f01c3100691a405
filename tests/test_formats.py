"""Problems are written so that people, forges and programs find the spot and nothing obeys it."""

from __future__ import annotations

import io
import json
import os
import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from townsquare import formats
from townsquare.codes import CODES
from townsquare.formats import github, gitlab, own_json, sarif
from townsquare.problems import Place, Problem, Severity, problem

FAIR = "---\ntitle: Fair\nspeakers: [adda]\n---\n"
UNKNOWN = problem(
    "reference_unknown",
    Place("events/fair.md", 3, 12, 4),
    "no person is called `adda`",
    "did you mean `ada`? New people go in content/people/",
)
WARNING = problem("link_broken", Place("content/index.md", 9, 2, 3), "`x.md` is not there")
NOTICE = problem("review_overdue", Place("guidelines/a, b:c%.md"), "unread since 2025")
ALL = (UNKNOWN, WARNING, NOTICE)


@pytest.fixture
def community(tmp_path):
    (tmp_path / "events").mkdir()
    (tmp_path / "events/fair.md").write_text(FAIR, encoding="utf-8")
    return tmp_path


def excerpt(folder, line, *, column, width=1):
    """The two lines of a source excerpt, without gutter."""
    (folder / "x.md").write_bytes(line.encode())
    found = problem("value_invalid", Place("x.md", 1, column, width), "no")
    _, source, carets, *_ = formats.as_text([found], folder).split("\n")
    assert source.startswith("  1 |") and carets.startswith("    | ")
    return source[6:], carets[6:]


# --- text ---


def test_a_problem_shows_its_place_its_line_its_spot_and_its_hint(community):
    assert formats.as_text([UNKNOWN], community) == (
        "events/fair.md:3:12: error: no person is called `adda` [reference-unknown]\n"
        "  3 | speakers: [adda]\n"
        "    |            ^^^^\n"
        "  hint: did you mean `ada`? New people go in content/people/\n"
    )


def test_a_file_that_is_not_there_has_no_excerpt_and_no_hint_no_line(community):
    assert formats.as_text([WARNING], community) == (
        "content/index.md:9:2: warning: `x.md` is not there [link-broken]\n"
    )


def test_the_text_ends_with_counts(community):
    assert formats.written("text", ALL, community).endswith("\n1 error, 1 warning, 1 notice\n")
    assert formats.written("text", [UNKNOWN] * 2, community).endswith("\n2 errors\n")
    assert formats.written("text", [], community) == formats.written("github", [], community) == ""


def test_of_many_notices_of_one_code_the_first_are_shown_and_the_rest_counted(community):
    notices = [problem("after_missing", Place(f"events/{n:03}.md"), "no") for n in range(8)]
    text = formats.written("text", [UNKNOWN] * 8 + notices, community)
    assert text.count("[reference-unknown]") == 8
    assert text.count(": notice: ") == formats.NOTICES_SHOWN == 5
    assert text.endswith(
        "events/004.md:1:1: notice: no [after-missing]\n"
        "3 more notices like these [after-missing]: `--format json` lists them\n"
        "8 errors, 8 notices\n"
    )
    assert formats.written("json", notices, community).count("after-missing") >= 8


def test_of_very_many_faults_of_one_file_the_first_are_shown_and_the_rest_counted(community):
    many = [problem("link_broken", Place("content/a.md", n), "no") for n in range(1, 1001)]
    last = problem("reference_unknown", Place("content/a.md", 2000), "no")
    text = formats.written(
        "text", [*many, last, problem("link_broken", Place("b.md"), "no")], community
    )
    assert text.count("[link-broken]") == formats.FAULTS_SHOWN + 1 == 51
    assert text.count("[reference-unknown]") == 1
    assert text.endswith(
        "950 more warnings in content/a.md: `--format json` lists them\n1 error, 1001 warnings\n"
    )


def test_colour_changes_nothing_but_colour(community):
    plain, coloured = (formats.as_text(ALL, community, colour=c) for c in (False, True))
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == plain
    assert coloured.count("\x1b[") == 2 * (3 + 3 + 1 + 1)


def test_long_line_numbers_widen_the_gutter(community):
    (community / "x.md").write_text("\n" * 12344 + "abc\n", encoding="utf-8")
    found = problem("value_invalid", Place("x.md", 12345, 2, 2), "no")
    assert formats.as_text([found], community).split("\n")[1:3] == ["12345 | abc", "      |  ^^"]


def test_tabs_are_shown_as_columns(tmp_path):
    assert excerpt(tmp_path, "\ta\tb", column=4) == ("    a    b", "         ^")
    assert excerpt(tmp_path, "\ta", column=1) == ("    a", "^^^^")


def test_wide_and_combining_characters_keep_the_carets_below_the_spot(tmp_path):
    assert excerpt(tmp_path, "日本: x", column=5) == ("日本: x", "      ^")
    assert excerpt(tmp_path, "日本: x", column=1, width=2) == ("日本: x", "^^^^")
    assert excerpt(tmp_path, "u\u0308ber: x", column=8) == ("u\u0308ber: x", "      ^")


def test_a_long_line_is_shown_around_its_spot(tmp_path):
    source, carets = excerpt(tmp_path, "a" * 500 + "SPOT" + "b" * 500, column=501, width=4)
    assert source == "…" + "a" * 40 + "SPOT" + "b" * 56 + "…"
    assert carets == " " * 41 + "^^^^"


def test_a_long_line_is_shown_from_its_beginning_and_to_its_end(tmp_path):
    source, carets = excerpt(tmp_path, "a" * 500, column=1, width=500)
    assert (source, carets) == ("a" * 100 + "…", "^" * 100)
    source, carets = excerpt(tmp_path, "a" * 500, column=501)
    assert (source, carets) == ("…" + "a" * 40, " " * 41 + "^")


def test_a_spot_after_the_end_of_the_line_stands_there(tmp_path):
    assert excerpt(tmp_path, "abc", column=99, width=9) == ("abc", "   ^")
    assert excerpt(tmp_path, "", column=1) == ("", "^")


def test_nothing_in_a_source_line_is_obeyed(tmp_path):
    line = "a\x1b[31m\u202eb\x00\x9b\u2066"
    assert excerpt(tmp_path, line, column=1) == ("a�[31m�b���", "^")


def test_nothing_in_a_message_is_obeyed(tmp_path):
    found = problem("value_invalid", Place("a\n::b.md"), "x\n::set-env::\x1b[2J", "h\r\n::stop")
    assert formats.as_text([found], tmp_path) == (
        "a�::b.md:1:1: error: x�::set-env::�[2J [value-invalid]\n  hint: h��::stop\n"
    )


def test_a_link_in_the_file_system_brings_no_foreign_file_into_a_log(tmp_path):
    (tmp_path / "secret").write_text("hunter2\n")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/x.md").symlink_to(tmp_path / "secret")
    (tmp_path / "site/dir").symlink_to(tmp_path)
    for path in ("x.md", "../secret", "dir/secret", str(tmp_path / "secret")):
        text = formats.as_text([problem("symlink_refused", Place(path), "no")], tmp_path / "site")
        assert text.startswith(path) and "hunter2" not in text


@given(st.text(), st.integers(1, 40), st.integers(1, 40))
def test_any_line_is_shown_in_two_lines_of_bounded_width(tmp_path_factory, line, column, width):
    folder = tmp_path_factory.getbasetemp()
    line = re.sub("[\r\n\ud800-\udfff]", "", line)
    source, carets = excerpt(folder, line, column=column, width=width)
    assert re.fullmatch(" *\\^+", carets)
    assert not any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in source)
    assert len(source) <= 2 + 4 * max(len(line), 1) and len(carets) <= 102


def test_problems_are_printed_without_colour_to_a_pipe(community, capsys):
    formats.write(ALL, community, "text")
    assert capsys.readouterr().out == formats.written("text", ALL, community)


def test_a_terminal_of_few_characters_shows_the_rest_as_question_marks(community, monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", stream)
    formats.write([problem("value_invalid", Place("x.md"), "é")], community, "text")
    stream.flush()
    assert stream.buffer.getvalue() == b"x.md:1:1: error: ? [value-invalid]\n1 error\n"


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_terminal_gets_colour_unless_it_declines(community, monkeypatch, no_color, coloured):
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdout", stream)
    monkeypatch.setenv("NO_COLOR", no_color)
    formats.write([UNKNOWN], community, "text")
    assert ("\x1b[" in stream.getvalue()) == coloured


# --- github ---


def test_github_gets_the_most_severe_first_and_escaped():
    assert github.written((NOTICE, WARNING, UNKNOWN)) == (
        "::error file=events/fair.md,line=3,col=12,endColumn=16,title=reference-unknown"
        "::no person is called `adda`"
        "%0Ahint: did you mean `ada`? New people go in content/people/\n"
        "::warning file=content/index.md,line=9,col=2,endColumn=5,title=link-broken"
        "::`x.md` is not there\n"
        "::notice file=guidelines/a%2C b%3Ac%25.md,line=1,col=1,endColumn=2,title=review-overdue"
        "::unread since 2025\n"
        "1 error, 1 warning, 1 notice\n"
    )


@given(st.text(), st.text(), st.text())
def test_no_words_of_an_author_become_a_command(path, message, hint):
    found = problem("value_invalid", Place(path), message, hint)
    first, counts, end = re.split("\r\n|\r|\n", github.written([found]))
    assert first.startswith("::error file=") and (counts, end) == ("1 error", "")
    properties, said = re.fullmatch("::error ([^:]*)::(.*)", first).groups()
    assert len(properties.split(",")) == 5
    assert said.count("%0A") == bool(hint)


# --- gitlab ---


def test_gitlab_gets_a_code_quality_report():
    first, *_ = report = json.loads(gitlab.written(ALL))
    assert len(report) == 3
    assert first.pop("fingerprint")
    assert first == {
        "description": "no person is called `adda` "
        "(hint: did you mean `ada`? New people go in content/people/)",
        "check_name": "reference-unknown",
        "severity": "critical",
        "location": {"path": "events/fair.md", "lines": {"begin": 3}},
    }
    assert [each["severity"] for each in report] == ["critical", "minor", "info"]


def test_a_fingerprint_is_unique_and_stays_when_lines_move():
    lower = Problem(Place("events/fair.md", 80), Severity.ERROR, UNKNOWN.code, UNKNOWN.message)
    names = [each["fingerprint"] for each in json.loads(gitlab.written([UNKNOWN, lower, WARNING]))]
    assert len(set(names)) == 3
    assert json.loads(gitlab.written([lower]))[0]["fingerprint"] == names[0]


# --- sarif ---

# What section 3 of the standard requires of the objects used here, and the enumerations it allows.
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool"],
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "properties": {
                                                "shortDescription": {
                                                    "$ref": "#/definitions/message"
                                                }
                                            },
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message"],
                            "properties": {
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {"$ref": "#/definitions/message"},
                                "locations": {"type": "array", "items": {"type": "object"}},
                                "partialFingerprints": {
                                    "type": "object",
                                    "additionalProperties": {"type": "string"},
                                },
                            },
                        },
                    },
                },
            },
        },
    },
    "definitions": {
        "message": {
            "type": "object",
            "required": ["text"],
            "properties": {"text": {"type": "string"}},
        }
    },
}


def test_sarif_has_the_shape_that_the_standard_requires():
    for found in (ALL, ()):
        report = json.loads(sarif.written(found))
        assert not list(Draft7Validator(SARIF).iter_errors(report))
        assert len(report["runs"][0]["results"]) == len(found)


def test_a_sarif_result_names_its_rule_its_file_and_its_region():
    (run,) = json.loads(sarif.written(ALL))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == [p.label for p in ALL]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {"uri": "events/fair.md", "uriBaseId": "%SRCROOT%"}
    assert location["region"] == {"startLine": 3, "startColumn": 12, "endColumn": 16}
    uri = run["results"][2]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[\w./%-]+", uri) and unquote(uri) == NOTICE.place.path
    assert [each["level"] for each in run["results"]] == ["error", "warning", "note"]


# --- json ---


def test_json_says_everything_about_a_problem():
    report = json.loads(own_json.written(ALL))
    assert report["format"] == "townsquare-problems/1"
    assert report["counts"] == {"error": 1, "warning": 1, "notice": 1}
    assert report["problems"][0] == {
        "path": "events/fair.md",
        "line": 3,
        "column": 12,
        "width": 4,
        "severity": "error",
        "code": "reference-unknown",
        "message": "no person is called `adda`",
        "hint": "did you mean `ada`? New people go in content/people/",
        "why": CODES["reference_unknown"].why,
    }


@pytest.mark.parametrize("form", formats.FORMATS)
def test_every_format_is_written_in_characters_that_any_pipe_takes(form, community):
    odd = problem("value_invalid", Place("x.md"), "a\ud800b", "\ud800")
    assert formats.written(form, [odd], community).encode().endswith(b"\n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_shown_without_waiting_for_what_it_would_say(tmp_path):
    os.mkfifo(tmp_path / "pipe.md")
    text = formats.as_text([problem("file_kind_refused", Place("pipe.md"), "no")], tmp_path)
    assert text.startswith("pipe.md:1:1: error: no")
