"""One conversion says everything about a body, the same each time, whatever the text is."""

import json
import re
import subprocess
import sys
from pathlib import Path

import html5lib
import pytest
from active_content import active
from hypothesis import example, given
from hypothesis import strategies as st

from judges import nu
from townsquare import bodies, complexity, conversion, converted, links
from townsquare.spots import Spots, attributes

ROOT = Path(__file__).parents[1]
EVERYTHING = """\
A [link](../x.md) and [another][r], `code`, **bold** and a note.[^n]

<!-- more -->

# Title

![A room](room.png) <kbd>k</kbd> ++ctrl+c++ H~2~O ==m== \\(a_1\\) <https://x.example> a  \nb &amp; c

| a | b |
|:--|--:|
| 1 | `2` |

- [ ] one
- [x] two
    - nested *em* __strong__ ~~del~~ ^^ins^^

!!! note "Box"
    ??? tip
        Inside [r].

=== "T1"
    1
=== "T2"
    ```python
    print("x < y")
    ```

*[ab]: abbreviated
ab term
:   definition

[r]: y.md "Title"
[^n]: The note.
"""
# What the converters treat specially, to be thrown together at random.
PIECES = st.sampled_from([
    *"[]()<>!*_`~=+^&\\{}|#:-.\"'/@$ \n\t", *"\x00\x02\x03\x7f\ufffeaé漢\u202e\U0001f600",
    "\n\n", "    ",
    "```\n", "~~~", "- ", "1. ", "> ", "](", "![", "[^1]", "[^1]: ", "[a]: ", "*[a]: ", "<a ", "</",
    "<div>", "<div markdown>", "<!--", "-->", "<![CDATA[", "<?", "<![>", "!!! note\n", "??? x\n",
    '=== "t"\n', "|-|\n", "# ", "===\n", "---\n", "++a+", "&#2;", "{: #a }", "$$\n", "\\(", "\\)",
    "- [ ] ", ":   ", "<script>", "<li>", "<pre>", "<table>", "<h1>", "</h1>", "<input>", "<p>",
    "townsquare:", "javascript:", "href='", "[TOC]", "klzzwxh:0", "wzxhzdk:0", "<!-- more -->",
])  # fmt: skip
TEXTS = st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=200)


def convert(text: str, path: str = "content/a.md", first_line: int = 1) -> bodies.Body:
    return bodies.convert(text, path, first_line)


def test_importing_bodies_imports_no_converter() -> None:
    code = "import sys, townsquare.bodies; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT / "hooks")},
    )  # fmt: skip
    heavy = {"markdown", "pymdownx", "pygments", "nh3", "pydantic", "yaml", "mkdocs", "html.parser"}
    assert heavy & set(done.stdout.split()) == set()


@given(TEXTS)
@example("&#2;klzzwxh:0&#3;")
@example("<![>")
@example("<h2><div><h3>a</h3></div></h2>")
@example("\ud800")
def test_any_text_converts_to_inert_html_that_parses(text: str) -> None:
    body = convert(text)
    page = links.with_links(body.html, lambda *at: f"/{at[0]}#{at[1]}")
    listed = links.with_links(body.summary, lambda *_: None)
    for html in (page, listed):
        html5lib.HTMLParser(strict=False).parseFragment(html)
        assert active(html) == []
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", html)
        assert not re.search('<[^<>]* (href|src)="townsquare:', html)
    assert convert(text) == body
    assert bodies.Body.from_json(json.loads(json.dumps(body.to_json()))) == body


@given(TEXTS)
def test_any_texts_html_is_well_formed(text: str) -> None:
    """As XML apart from void elements: what passes and replacements rely on."""
    html = links.with_links(convert(text).html, lambda *_: "x")
    html = re.sub(r"<((?:br|col|hr|img|input|wbr)\b[^<>]*)>", r"<\1/>", html)
    html = re.sub(r"&(?!(?:amp|lt|gt|quot);)[a-z]+;", " ", html)
    from xml.etree import ElementTree

    ElementTree.fromstring(f"<body>{html}</body>")


def test_a_body_survives_json() -> None:
    body = convert(EVERYTHING + "\n<script>x</script>\n", "content/blog/a.md", 7)
    assert body.headings and body.links and body.removed and body.ids
    assert bodies.Body.from_json(json.loads(json.dumps(body.to_json()))) == body


def test_a_kept_body_has_the_parts_that_it_had() -> None:
    body = convert(EVERYTHING + "\n<script>x</script>\n", "content/blog/a.md", 7)
    halved = bodies.Body(html="<p>\ud800</p>", ids=("\ud800",))
    for each in (body, halved, bodies.Body()):
        kept = converted.read(converted.written(each))
        assert {name: getattr(kept, name) for name in vars(each)} == vars(each)
        assert not hasattr(kept, "author")


def test_one_conversion_does_not_know_of_the_last() -> None:
    alone = convert("[a] b [^1]\n\n## H\n\nab")
    convert("[a]: x.md\n[^1]: note\n*[ab]: c\n\n## H")
    assert convert("[a] b [^1]\n\n## H\n\nab") == alone


# --- headings


def test_a_body_with_a_first_level_heading_goes_one_level_down() -> None:
    body = convert("# A\n\n## B\n\n###### F\n\n<h1>raw</h1>")
    assert [(h.level, h.id, h.text) for h in body.headings] == [
        (2, "a", "A"), (3, "b", "B"), (6, "f", "F"), (2, "raw", "raw"),
    ]  # fmt: skip
    assert "<h1" not in body.html and body.html.count("<h2") == body.html.count("</h2>") == 2


def test_other_bodies_keep_their_levels() -> None:
    assert [h.level for h in convert("## A\n\n### B").headings] == [2, 3]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("What's new?", "whats-new"), ("Über uns", "über-uns"), ("漢字 kana", "漢字-kana"),
        ("A & B", "a--b"), ("`code` *em*", "code-em"), ("Mermaid", "mermaid-1"), ("!?", "section"),
        ("Own {#my-id}", "my-id"), ("`__init__`", "init__"), ("🎉 Party", "-party"), ("İ", "i"),
    ],
)  # fmt: skip
def test_a_headings_id_is_what_forges_make_of_it(text: str, id: str) -> None:
    (heading,) = convert(f"## {text}").headings
    assert heading.id == id


def test_headings_of_one_text_are_numbered_as_forges_number_them() -> None:
    ids = [h.id for h in convert("## A\n\n## A\n\n## A-1\n\n## A").headings]
    assert ids == ["a", "a-1", "a-1-1", "a-2"]


def test_a_headings_text_has_no_marks_notes_or_permalink() -> None:
    body = convert("## *A* `b`[^1] ![c](c.png) & <b>d</b>\n\n[^1]: n")
    assert body.headings[0].text == "A b c & d"


def test_an_empty_heading_is_left_out() -> None:
    body = convert("<h2></h2>\n\n<h3> </h3>\n\ntext")
    assert body.headings == () and "<h" not in body.html


def test_permalinks_are_no_part_of_a_headings_name() -> None:
    html = convert("## A").html
    assert '<a href="townsquare:content/a.md#a" class="headerlink" aria-hidden="true"' in html
    assert 'tabindex="-1">¶</a></h2>' in html


# --- summaries and text


def test_the_summary_is_what_stands_before_the_mark_with_notes_and_references_resolved() -> None:
    text = "# H\n\nOne [link][r].[^n]\n\n- two\n\n<!-- more -->\n\nThree.\n\n[r]: x.md\n[^n]: Note."
    body = convert(text)
    assert body.summary == (
        '<p>One <a href="townsquare:content/x.md">link</a>.</p>\n<ul>\n<li>two</li>\n</ul>'
    )
    assert body.summary_text == "One link.\n\n- two"
    assert "more" not in body.html and "<p>Three.</p>" in body.html


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("## H\n\nFirst.\n\nSecond.", "<p>First.</p>"),
        ("![](x.png)\n\nFirst.", "<p>First.</p>"),
        ("!!! note\n\n    First.\n\nSecond.", "<p>First.</p>"),
        ("- a\n- b", ""),
        ("", ""),
        ("<!-- more -->\n\nText.", ""),
        ("a\n\n<!--more-->\n\nb", "<p>a</p>"),
        ("> a\n>\n> <!-- more -->\n>\n> b", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("`<!-- more -->` is a mark.\n\nb", "<p><code>&lt;!-- more --&gt;</code> is a mark.</p>"),
    ],
)
def test_a_summary(text: str, summary: str) -> None:
    assert convert(text).summary == summary


def test_a_summary_has_no_ids_but_those_of_its_tabs() -> None:
    text = '<p id="x">a</p>\n\n=== "T"\n\n    b\n\n<!-- more -->\n\nc'
    summary = convert(text).summary
    assert set(re.findall(r'id="([^"]+)"', summary)) == set(re.findall(r'for="([^"]+)"', summary))


def test_the_text_is_what_readers_read() -> None:
    text = (
        "# Title\n\nOne\ntwo **three** & <br>four.[^1]\n\n- a\n- b\n\n"
        "| x | y |\n|---|---|\n| 1 | 2 |\n\n"
        "```\nif a:\n    b < c\n```\n\n![A room](r.png)\n\n[^1]: Note."
    )
    assert convert(text).text == (
        "Title\n\nOne two three &\nfour.\n\n- a\n- b\n\nx | y\n\n1 | 2\n\nif a:\n    b < c\n\n"
        "A room\n\n- Note."
    )


def test_words_are_counted_in_the_text_alone() -> None:
    assert convert("# One\n\ntwo [three](four.md) `five`").words == 4


# --- accessibility


def test_a_tasks_box_is_named_by_its_own_text() -> None:
    html = convert("- [ ] Buy **milk** & bread\n    - [x] nested\n- [ ] ").html
    assert re.findall('aria-label="([^"]*)"', html)[:2] == ["Buy milk &amp; bread", "nested"]


def test_tables_and_code_scroll_by_keyboard() -> None:
    html = convert("|a|\n|-|\n|1|\n\n```\nx\n```").html
    assert '<div class="table-scroll" tabindex="0"><table>' in html and "</table></div>" in html
    assert '<pre><code tabindex="0">' in html


# --- bounds


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000, "<a " * 20_000, "<![CDATA[" * 5_000, "a\n\n" * 333_000, "![" * 9_000,
        "\n".join("    " * depth + "- a" for depth in range(1_000)),
        "\n".join("    " * depth + "- a" for depth in range(300)),
        "- " * 500 + "a", "> " * 500 + "a", "1. " * 500 + "a", "\t" * 500 + "a",
        "<div>" * 20_000, "`" * 20_000, "<![>" * 1_000, "*[a]: b\n" * 1_000, "# a\n" * 5_000,
        "[a][" * 20_000, "a<b " * 20_000, "\\(" * 20_000, "&amp;" * 20_000, "<!--" * 9_000,
        "a*a" * 80_000, "^^a" * 80_000, "++a+" * 60_000, "x" * 300_000,
    ],
    ids=lambda text: f"{text[:8]!r}…",
)  # fmt: skip
def test_what_would_take_for_ever_is_refused_before_it_is_parsed(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversion, "to_html", None)
    body = convert(text, first_line=9)
    (refusal,) = body.refusals
    assert refusal.code == "body_too_complex" and refusal.hint
    assert refusal.spot.line >= 9 and body.html == ""


def test_a_refusal_points_at_the_first_too_many() -> None:
    (refusal,) = convert("a\n\n" + "[x] " * 10_000 + "\n\nb [here]\n", first_line=5).refusals
    assert (refusal.spot.line, refusal.spot.column) == (9, 3)


@pytest.mark.parametrize(
    "text",
    [
        "[a](b.md) " * 1_200, "- [x](y.md)\n" * 1_200, "| a | b |\n" * 1_500, "a\n\n" * 4_000,
        "<tr><td>x</td></tr>\n" * 1_500, "    x\n" * 1_900, "```\n" + "x = [1]\n" * 1_000 + "```",
        "\n\n".join("    " * depth + "- a" for depth in range(40)), "-" * 200, "* " * 40,
    ],
    ids=lambda text: f"{text[:8]!r}…",
)  # fmt: skip
def test_long_but_real_text_is_not_refused(text: str) -> None:
    assert complexity.excess(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5_000, "[a" * 5_000, "a ![" * 4_000, "[](" * 9_000, "[a][" * 4_000, "~~~ a" * 3_000,
        "*a _b ^c " * 900, "\\(" * 9_000,
    ],
    ids=lambda text: f"{text[:8]!r}…",
)  # fmt: skip
def test_a_paragraph_of_open_marks_is_refused_where_it_begins(text: str) -> None:
    (refusal,) = convert(f"Before.\n\n{text}", first_line=3).refusals
    assert refusal.code == "body_too_complex" and refusal.spot.line == 5


@pytest.mark.parametrize(
    "text", ["[a b](c.md) " * 1_200, "**a** _b_ " * 250, "`a_b` " * 1_000, "a [b [c] d] (e) " * 900]
)
def test_a_long_but_real_paragraph_is_not_refused(text: str) -> None:
    assert complexity.inline_steps(text) < complexity.MAX_INLINE_STEPS


def test_a_line_is_measured_in_linear_steps() -> None:
    """Each of these took exponential or quadratic time in an expression of our own."""
    for text in (
        "    - " * 40,
        "        - " * 30,
        " " * 250_000,
        "\t" * 60_000 + "a",
        ">" * 250_000,
    ):
        complexity.excess(text)
    for text in (
        "{" + "a" * 200_000,
        "<b " + "a" * 200_000,
        "<b " + "a " * 100_000,
        "{" + " " * 200_000,
    ):
        list(Spots(text, 1).tags()), list(Spots(text, 1).attribute_lists())
        list(attributes(text))
    for text in (
        "](" * 90_000,
        "](a(" * 60_000,
        'href="' * 40_000,
        "href=" * 50_000,
        "<!--" * 60_000,
    ):
        assert Spots(text, 1).targets is not None


def test_what_the_converter_cannot_follow_is_a_refusal_with_a_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(text: str) -> str:
        raise {"deep": RecursionError, "odd": AssertionError}[text]

    monkeypatch.setattr(conversion, "to_html", fail)
    for text in ("deep", "odd"):
        (refusal,) = convert(text, first_line=4).refusals
        assert (refusal.code, refusal.spot.line) == ("body_too_complex", 4)


def test_what_nobody_foresaw_ends_in_its_midst(monkeypatch: pytest.MonkeyPatch) -> None:
    def search_for_ever(text: str) -> str:
        assert not re.fullmatch(r"(?:a+)+", text)
        return text

    monkeypatch.setattr(bodies, "SECONDS", 0.1)
    monkeypatch.setattr(conversion, "to_html", search_for_ever)
    (refusal,) = convert("a" * 50 + "b", first_line=4).refusals
    assert (refusal.code, refusal.spot.line) == ("body_too_complex", 4)
    assert refusal.message == "converting the text takes more than 0.1 seconds"
    monkeypatch.undo()
    assert convert("a" * 50 + "b").text == "a" * 50 + "b"


def test_a_failed_conversion_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    before = convert("[a]\n\nb")

    def fail(*_: object) -> str:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr("markdown.inlinepatterns.ReferenceInlineProcessor.handleMatch", fail)
        assert convert("[a]: x.md\n\n[a] b").refusals
    assert convert("[a]\n\nb") == before


def test_marks_that_turn_code_around_are_refused_where_they_stand() -> None:
    body = convert("Text.\n\n```py\nif x:  # \u202e }\n```\n", first_line=3)
    (refusal,) = body.refusals
    assert (refusal.code, refusal.spot.line, refusal.spot.column) == ("text_has_controls", 6, 10)
    assert convert("שלום \u2067abc\u2069 עולם").refusals == ()


def test_the_html_checker_of_the_web_finds_no_error(tmp_path: Path) -> None:
    body = convert(
        EVERYTHING + "\n```py linenums='1'\nx\n```\n\n<figure><img src=a.png></figure>\n"
    )
    html = links.with_links(body.html, lambda *at: f"x#{at[1]}" if at[1] else "x")
    page = f'<!doctype html><html lang="en"><title>t</title><body>{html}</body></html>'
    (tmp_path / "page.html").write_text(page, "utf-8")
    assert nu.errors(tmp_path) == []
