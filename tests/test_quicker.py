"""What a conversion leaves out to be quick changes nothing: the libraries' own parts say so."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown import Markdown
from test_bodies import EVERYTHING, PIECES
from test_bodies import TEXTS as ANY_TEXTS
from test_import_rules import HOOKS, at_run_time, modules

from townsquare import bodies, colouring, conversion, removals, versions

ROOT = Path(__file__).parents[1]
# Whole constructs that processors of blocks, late extensions and Pygments look for.
BLOCKS = st.sampled_from(
    [
        '``` { .python .annotate linenums="1" hl_lines="2" title="a.py" #cid }\na = 1\n\nb\n```',
        "~~~~ rust\nfn f() {}\n```\n~~~~",
        '```nolang\n<x> & "q"\n```',
        "> ```js\n> f()\n> ```",
        "- ```sh\n  ls\n  ```",
        "    indented\n    <b>&amp;\n\n    more",
        "```\nunclosed",
        "- a\n    - b\n\n    c",
        "7. a\n7) b\n٣. c",
        "* a\n+ b\n- c",
        "a | b\n--|--\n1 | `2|3`",
        "|x|\n|-|",
        "a\n===",
        "a\n- - -\nb",
        '!!! note ""\n    a\n\n    b',
        '???+ "T"\n    a',
        '=== "T"\n    a\n===! "U"\n    b',
        "[^1]: a\n    b\n[^2]: c",
        '*[ab]: c\n*[d]: ""\n\nab d',
        "a\n: b\n\n    c\n:   d",
        "> a\nb\n>> c",
        "[r]: x.md 'T'\n[s]:\n<y>\n\n[r] [s][] ![r]",
        "$$\na\n$$",
        "\\begin{align}\nx\n\\end{align}",
        "\\[ a \\]",
        "\\$ \\(a\\) $1 $2",
        '++ctrl+"a b"++ ++x',
        "\\\\+a+",
        "<div markdown>\n*a*\n\n- b\n</div>",
        '<p markdown="span" title="&#92;*">*a*</p>',
        "<details><summary>a</summary>\n\n*b*\n\n</details>",
        "# a #\nb\n## c {: #d .e }",
        "`#!python x = 1` `:::nolang y` ``a`b``",
        "***a** b* _c_d_ ~e~ ^f^ ~~g~~ ^^h^^ ==i==",
        "a  \nb\\\nc  d  ",
        "- [ ] a\n- [X] b",
        "<https://a.example> <a@b.example> &copy; &#35;",
        "[a](<b c> 't') ![d](e){ width=1 }",
    ]
)
TEXTS = st.lists(BLOCKS | PIECES | st.sampled_from(["\n\n", "\n\n", "\n    ", "\n> "]), max_size=12)
CODE = """\
#!/bin/sh
# A comment & <tag>
def f(x: int = 0) -> str:  // "quoted" 'text' `tick`
    return f"{x!r} é漢" \\
        + '''two
lines'''

$ ls -l | grep a > b; x := [1, 2.5e3, 0xff, true, null] => {"a": b}
>>> 1 / 0
Traceback (most recent call last):
<div class="a">&amp;<script>var a = 1 < 2;</script></div>
@@ -1 +1 @@
-old
+new

key: value  # note
[section]
SELECT * FROM t WHERE a <> 'b';
"""


@cache
def stock() -> Markdown:
    """Python-Markdown as it is published, with Pygments' usual style."""
    return Markdown(extensions=list(conversion.EXTENSIONS), extension_configs=conversion.CONFIGS)


def as_published(text: str) -> str | None:
    try:
        return stock().reset().convert(text)
    except Exception:
        stock.cache_clear()
        return None


@settings(max_examples=400)
@given(TEXTS.map("".join) | TEXTS.map("\n\n".join) | ANY_TEXTS)
@example(EVERYTHING)
def test_any_text_gives_what_the_libraries_own_parts_give(text: str) -> None:
    expected = as_published(text)
    assert expected is None or conversion.to_html(text) == expected


def samples() -> list[str]:
    folders = ("content", "events", "guidelines", "tests/gallery", "tests/fifty")
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.md"))]
    return [file.read_text("utf-8") for file in files]


def test_every_sample_gives_what_the_libraries_own_parts_give() -> None:
    texts = samples()
    assert len(texts) > 100
    for text in texts:
        if not bodies.convert(text, "content/a.md", 1).refusals:
            assert conversion.to_html(text) == as_published(text)


@given(TEXTS.map("\n\n".join), TEXTS.map("\n\n".join))
@settings(max_examples=30)
def test_no_conversion_depends_on_those_before(first: str, then: str) -> None:
    conversion._markdown.cache_clear()
    alone = bodies.convert(then, "content/a.md", 1)
    conversion._markdown.cache_clear()
    bodies.convert(first, "content/b.md", 1)
    assert bodies.convert(then, "content/a.md", 1) == alone


LANGUAGES = (
    "python", "pycon", "console", "bash", "html", "html+jinja", "javascript", "typescript",
    "json", "yaml", "toml", "ini", "diff", "rust", "c", "c++", "go", "sql", "css", "ruby", "php",
    "markdown", "rst", "text", "nolang", "docker", "make", "xml", "perl", "haskell", "tex",
    "output",
)  # fmt: skip


@pytest.mark.parametrize("language", [*LANGUAGES, ""])
@pytest.mark.parametrize("code", [CODE, "", "\n\n", "a", " \n a\n", "a\n\n\n", "<&>"])
def test_code_is_coloured_as_pymdownx_colours_it(language: str, code: str) -> None:
    from pymdownx.highlight import Highlight

    made = colouring.Highlight(stock()).highlight(code, language, "highlight")
    assert made == Highlight(stock()).highlight(code, language, "highlight")


def test_settings_for_code_are_those_that_pymdownx_has() -> None:
    from pymdownx.highlight import HighlightExtension

    from townsquare.highlighting import Highlighting

    config = conversion.CONFIGS["pymdownx.highlight"]
    theirs = HighlightExtension(**config).getConfigs()
    ours = Highlighting(**config).settings
    for name in ("_enabled", "pygments_style"):
        theirs.pop(name)
    assert {name: value for name, value in ours.items() if name != "pygments_style"} == theirs


def test_no_control_noncharacter_or_mark_of_direction_counts_as_ordinary() -> None:
    for number in range(sys.maxunicode + 1):
        one = chr(number)
        if bodies._CONTROLS.match(one) or bodies._BIDI.match(one):
            assert not bodies._is_ordinary(f"a{one}\n")


@given(st.text(" \n=\"'/<aonlASRC", max_size=30) | st.sampled_from(["ſrcdoc =", "xon =", "oN\t="]))
def test_handlers_are_found_backwards_as_they_are_forwards(text: str) -> None:
    forwards = re.compile(r"\b(?:on[a-z]+|srcdoc|formaction)\s*=", re.IGNORECASE)
    assert bool(removals._HANDLER.search(text[::-1])) == bool(forwards.search(text))


# --- what is imported when


def imported(code: str) -> set[str]:
    """The modules that a fresh process holds after this code."""
    start = f"import sys; sys.path.insert(0, {str(HOOKS)!r})"
    command = [sys.executable, "-I", "-c", f"{start}; {code}; print(*sys.modules)"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_a_plain_body_imports_neither_lexers_nor_what_late_extensions_need() -> None:
    text = "# A\n\nSome *text* with a [link](b.md), `code` and a note[^1].\n\n- a\n\n[^1]: b"
    found = imported(f"from townsquare import bodies; bodies.convert({text!r}, 'a.md', 1)")
    assert "markdown" in found
    late = {"pygments.lexers", "pymdownx.highlight", "pymdownx.keys", "urllib.request", "email"}
    assert found & (late | {"importlib.metadata"}) == set()


def test_a_fingerprint_imports_no_library() -> None:
    found = imported("from townsquare import bodies; bodies.fingerprint()")
    assert found & {"markdown", "pygments", "nh3", "importlib.metadata", "email"} == set()


def test_a_fingerprint_covers_all_that_a_conversion_imports() -> None:
    graph = at_run_time(modules(HOOKS))
    found, new = set[str](), {"townsquare.bodies"}
    while new:
        found |= new
        new = {name for each in new for name in graph[each] if name in graph} - found
    assert sorted(found - {"townsquare"}) == [f"townsquare.{name}" for name in bodies.MODULES]


@pytest.mark.parametrize("library", [*bodies._LIBRARIES, "ruff"])
def test_a_librarys_version_is_found_without_importing_anything(library: str) -> None:
    assert versions.known()[library.lower()] == importlib.metadata.version(library)
    assert versions.installed(library) == importlib.metadata.version(library)


def test_a_library_installed_in_another_way_is_found_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(versions, "known", dict)
    assert versions.installed("nh3") == importlib.metadata.version("nh3")


def test_a_body_is_written_and_read_without_loss() -> None:
    for text in samples():
        body = bodies.convert(text, "content/a.md", 3)
        assert bodies.Body.from_json(json.loads(json.dumps(body.to_json()))) == body
