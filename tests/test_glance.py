"""A glance at a body finds each link that converting it finds: no fault is missed."""

from __future__ import annotations

from pathlib import Path

import gallery_cases
import pytest
from community_files import NOW, write
from hypothesis import given
from hypothesis import strategies as st

from judges.installed import ROOT
from townsquare import bodies, build, glance

PATH = "content/blog/a.md"
PLAIN = """Some *words* and **more** of `them`, see [b](b.md) and [there](https://example.org/x).

<!-- more -->

## A heading

- one [c](../c.md#a-heading)
- two

![A picture](../img/p.png)

```yaml
on: { a: [b] }
```

!!! note "A box"

    Text in it, and [d][d].

[d]: d.md
"""
# What bodies are spliced from: all that makes, moves, hides or ends a link, and much else.
PIECES = (
    *("a", "b c", " ", "\n", "\n\n", "\n    ", "\n> ", "\n- ", "\n1. ", "\t", "x.md", "#f", "/"),
    *(":", "[", "]", "(", ")", "![", "](", "]:", "][", "!", "\\", "\\!", "\\[", "\\]", "`", "``"),
    *('"', "'", "[a](b.md)", "![a](p.png)", "![a b\nc](p.png)", "![](p.png)"),
    *("[![a](p.png)](b.md)", "[a]()", "![a [b](c.md) d](p.png)", "[a](b_c_d.md)"),
    *("[a](b.md 'T')", '[a](b.md "T")', "[a](<b c.md>)", "[a](b(c).md)", "[a](\nb.md)"),
    *("[a](b&amp;c.md)", "[a](b%20c.md)", "[a](über.md)", "[a](//x.y)", "[a](https://x.y/z)"),
    *("[a](mailto:a@b.example)", "[a](tel:1)", "[a](javascript:x)", "[a](x:y)"),
    *("![a](https://x.y/z.png)", "[a](https://x.y 'onclick=1')", "[a](https://x`y)", "[a](#a-b)"),
    *("[a][b]", "[a][]", "[b]", "![a][b]", "![b]", "\n[b]: c.md\n", "\n[b]: <c.md>\n"),
    *("\n[b]:\nc.md\n", "\n[b]: https://x.y 'T'\n", "\n> [b]: c.md\n", "[^1]", "\n[^1]: note\n"),
    *("\n[^1]: [a](b.md)\n", "\n*[HTML]: text\n", "HTML", "<b>", "</b>", "<script>"),
    *("<img src=x.png>", "<!-- more -->", "<!--", "-->", "<?", "<!", "< ", "<a@b.example>"),
    *("<https://x.y>", '<a href="b.md">', "onclick=", "=", "&amp;", "&#91;", "&lt;script&gt;"),
    *("&", "{", "}", "{: href=b.md }", "{: src=x }", "{: alt= }", "{.a}", "{#b}"),
    *("{: onclick=x }", "{ title=x }", "++ctrl++", '++"a"++', "++", "==a==", "^^a^^", "~~a~~"),
    *("~a~", "^a^", "*", "**", "_", "__", "***", "$$", "\\(", "\\)", "\\[x\\]", "$", "\n```\n"),
    *("\n```py\n", '\n```py title="a"\n', "\n~~~\n", "\n````\n", "\n```{.py}\n", "`#!py a`"),
    *("\n## H\n", "\n## H {#i}\n", "\n---\n", "\n===\n", "\n| a | b |\n|---|---|\n| c | d |\n"),
    *("|", '\n!!! note "T"\n\n    ', "\n??? note\n    ", '\n=== "Tab"\n\n    ', "\n: ", "- [ ] "),
    *("- [x] ", "\x00", "\x02", "\x03", "\u202e", "\u2028", "\xa0", "\u200b", "é", "漢字"),
    *("\ufeff", "\x0c", "\x7f"),
)  # fmt: skip
SPLICED = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A plain text with pieces put in or over it."""
    text = PLAIN
    for piece in draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4)):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + piece + text[at + draw(st.sampled_from([0, 0, 1, len(piece), 40])) :]
    return text


def keys(body: bodies.Body) -> set[tuple[str, str, str, bool]]:
    return {(link.path, link.or_path, link.fragment, link.is_image) for link in body.links}


@given(SPLICED | mutated())
def test_what_a_body_is_imagined_to_hold_is_all_that_it_holds(text):
    imagined = glance.imagined(text, PATH)
    if imagined is not None:
        body = bodies.convert(text, PATH, 1)
        assert body.refusals == body.removed == ()
        assert {key for key in keys(body) if key[0]} <= keys(imagined)
        assert all(link.path and link.alt for link in body.links if link.is_image)


def test_a_plain_body_is_imagined_and_need_not_be_converted():
    imagined = glance.imagined(PLAIN, PATH)
    assert imagined is not None
    assert keys(imagined) == keys(bodies.convert(PLAIN, PATH, 1)) - {("", "", "", False)} | {
        ("content/img/p.png", "content/blog/img/p.png", "", False)
    }


@pytest.mark.parametrize(
    "text",
    [
        "![](p.png)", "![`a`](p.png)", "[a](b.md 'T')", "[a](<b.md>)", "[a](javascript:x)",
        "<b>a</b>", "<ftp://x.y>", "<https://x.y> src=javascript:x",
        "a < b", "[a](b&c.md)", "[a](b\\_c.md)", "a\x00b", "a\u202eb",
        "[a](b.md){: href=c.md }", "![a](https://x.y/z.png)", "[a][b]\n\n[b]:\nc.md", "a onclick=b",
        "![a][b]\n\n[b]: c.md", "```py title=a\nb\n```", "> " * 60 + "a", "[" * 400, "*a " * 400,
        "<!-- more -->!<!-- more -->[a](b.md)", "*^***^a", "*a^2^*",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_conversion(text):
    assert glance.imagined(text, PATH) is None


def agree(root: Path) -> int:
    """How many bodies still wait after a check that gives the same problems as a whole one."""
    lazily = build.check(root, now=NOW)
    assert lazily.problems == build.check(root, now=NOW, whole=True).problems
    return sum(map(lazily.bodies.waits, lazily.bodies))  # type: ignore[attr-defined]


def test_the_samples_problems_are_those_of_converting_everything():
    assert agree(ROOT) > 50


@pytest.mark.parametrize("case", gallery_cases.cases(), ids=lambda case: case.code)
def test_each_fault_of_the_gallery_is_found_lazily(case, tmp_path):
    agree(case.write(tmp_path))


def test_the_fifty_faults_are_found_lazily():
    agree(Path(__file__).with_name("fifty") / "community")


def test_a_real_communitys_problems_are_those_of_converting_everything(corpora):
    assert agree(corpora / "rust-community") > 200


POST = "---\ntitle: {}\ndate: 2026-01-05\n{}---\n"
AROUND = {
    **{f"content/blog/{n}.md": POST.format(n, "") + "## A heading\n\nText.\n" for n in "bd"},
    "content/blog/hidden.md": POST.format("Hidden", "draft: yes\n") + "Text.\n",
    "content/c.md": "---\ntitle: C\n---\n## Another\n",
    "content/img/p.png": "picture",
    "content/img/heavy.png": "heavy" * 200_000,
}
LINKED = (
    *("b.md", "../b/", "b.md#a-heading", "b.md#nothing", "#a-heading", "#nothing", "hidden.md"),
    *("z.md", "../img/p.png", "../img/heavy.png", "../img/none.png", "/blog/", "/events.ics"),
    *("../c.md#another",),
)  # fmt: skip


@given(st.lists(st.tuples(mutated(), st.lists(st.sampled_from(LINKED), max_size=3)), max_size=12))
def test_any_communitys_problems_are_those_of_converting_everything(tmp_path_factory, texts):
    files = dict(AROUND)
    for number, (text, linked) in enumerate(texts):
        more = "".join(f"\n\n[a]({each}) ![a]({each})" for each in linked)
        files[f"content/blog/x{number}.md"] = POST.format(number, "") + f"Text.\n{text}{more}\n"
    agree(write(tmp_path_factory.mktemp("community"), files))
