"""Links work on the forge and on the site; what is wrong with one is said where it was typed."""

from dataclasses import replace
from pathlib import Path

import communities
import pytest

from townsquare import bodies, links
from townsquare.checks import links as checks
from townsquare.checks.context import Context
from townsquare.problems import Problem
from townsquare.spots import Spots

# --- what an address means


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("b.md", ("content/blog/b.md", "", "")),
        ("../../events/x.md#part", ("events/x.md", "", "part")),
        ("./b.md?plain=1#L3", ("content/blog/b.md", "", "L3")),
        ("/events/x.md", ("events/x.md", "", "")),
        ("#part", ("content/blog/a.md", "", "part")),
        ("#%C3%BCber", ("content/blog/a.md", "", "über")),
        ("", ("content/blog/a.md", "", "")),
        ("%65.md", ("content/blog/e.md", "", "")),
        ("../people/", ("content/people/", "content/blog/people/", "")),
        ("../b/", ("content/b/", "content/blog/b/", "")),
        ("..", ("content/", "content/blog/", "")),
        ("/", ("/", "", "")),
        ("../../", ("/", "content/", "")),
        ("/events.ics", ("events.ics", "", "")),
        ("../../../../etc/passwd", ("../../etc/passwd", "../etc/passwd", "")),
        ("..\\b.md", ("content/b.md", "", "")),
        ("a b.md", ("content/blog/a b.md", "", "")),
    ],
)
def test_an_address_means_a_path_of_the_repository(raw: str, meant: tuple[str, str, str]) -> None:
    assert links.meant(raw, "content/blog/a.md") == meant


def test_an_index_page_stands_in_its_folder_so_both_readings_are_one() -> None:
    assert links.meant("../x/", "content/blog/index.md") == ("content/x/", "", "")


# --- where links stand

LOCATED = {
    "a link": ("See [b](b.md) now.", [("b.md", 1, 9, 4)]),
    "with a title": ('[b](b.md "A title")', [("b.md", 1, 5, 4)]),
    "in angle brackets": ("[b](<my b.md>)", [("my b.md", 1, 6, 7)]),
    "with blanks": ("[b](my b.md)", [("my b.md", 1, 5, 7)]),
    "with brackets": ("[b](b_(c).md)", [("b_(c).md", 1, 5, 8)]),
    "with an entity": ("[b](b.md?x=1&amp;y=2)", [("b.md?x=1&y=2", 1, 5, 16)]),
    "twice": ("[b](b.md)\n\n[c](b.md)", [("b.md", 1, 5, 4), ("b.md", 3, 5, 4)]),
    "on the next line": ("[b\nc](b.md)", [("b.md", 2, 4, 4)]),
    "a reference": ("a [b][r] c\n\n[r]: b.md 'T'", [("b.md", 3, 6, 4)]),
    "a reference used twice": ("[b][r] [r]\n\n[r]: b.md", [("b.md", 3, 6, 4)] * 2),
    "a reference and a link": (
        "[r] [b](b.md)\n\n[r]: b.md",
        [("b.md", 1, 9, 4), ("b.md", 3, 6, 4)],
    ),
    "automatic": ("<https://x.example/y>", [("https://x.example/y", 1, 2, 19)]),
    "an e-mail address": ("<me@x.example>", [("mailto:me@x.example", 1, 2, 12)]),
    "mailto": ("[m](mailto:me@x.example)", [("mailto:me@x.example", 1, 5, 19)]),
    "an image": ("![a room](r.png)", [("r.png", 1, 11, 5)]),
    "an image in a link": ("[![a](r.png)](b.md)", [("b.md", 1, 15, 4), ("r.png", 1, 7, 5)]),
    "an image with a hash": ("![a](r.png#only-light)", [("r.png#only-light", 1, 6, 16)]),
    "raw HTML": ('<p><a\n href="b.md">b</a></p>', [("b.md", 2, 8, 4)]),
    "raw HTML, single quotes": ("<a href='b.md'>b</a>", [("b.md", 1, 10, 4)]),
    "a raw image": ('<img alt="a" src="r.png">', [("r.png", 1, 19, 5)]),
    "in a note": ("a[^1]\n\n[^1]: See [b](b.md).", [("b.md", 3, 15, 4)]),
    "in a list": ("- a\n\n    more [b](b.md)\n", [("b.md", 3, 14, 4)]),
    "in a box": ("!!! note\n\n    [b](b.md)\n", [("b.md", 3, 9, 4)]),
    "in a table": ("|a|\n|-|\n|[b](b.md)|", [("b.md", 3, 6, 4)]),
    "in a heading": ("## [b](b.md)", [("b.md", 1, 8, 4)]),
    "in a quotation": ("> [b](b.md)", [("b.md", 1, 7, 4)]),
    "empty": ("[b]()", [("", 1, 5, 1)]),
    "after code": ("`[b](b.md)` [b](b.md)", [("b.md", 1, 17, 4)]),
    "after a fence": ("```\n[b](b.md)\n```\n\n[b](b.md)", [("b.md", 5, 5, 4)]),
    "after an indented block": ("    [b](b.md)\n\n[b](b.md)", [("b.md", 3, 5, 4)]),
    "after a fence in a list": (
        "- a\n\n    ```\n    [b](b.md)\n    ```\n\n[b](b.md)",
        [("b.md", 7, 5, 4)],
    ),
    "after a comment": ("<!-- [b](b.md)\n-->\n\n[b](b.md)", [("b.md", 4, 5, 4)]),
    "after other letters": ("漢字 🎉 [b](b.md)", [("b.md", 1, 10, 4)]),
    "with code for its text": ("[`b`](b.md)", [("b.md", 1, 7, 4)]),
    "in code only": ("`[b](b.md)`", []),
}


@pytest.mark.parametrize(("text", "places"), LOCATED.values(), ids=LOCATED)
def test_a_link_is_found_where_it_was_typed(
    text: str, places: list[tuple[str, int, int, int]]
) -> None:
    found = bodies.convert(text, "content/a.md", 11).links
    assert [(k.raw, k.spot.line, k.spot.column, k.spot.width) for k in found] == [
        (raw, line + 10, column, width) for raw, line, column, width in places
    ]


def test_the_permalinks_and_notes_that_the_converter_makes_are_no_links_of_the_authors() -> None:
    assert bodies.convert("## A\n\nb[^1]\n\n[^1]: c", "content/a.md", 1).links == ()


def test_every_link_of_a_real_community_is_found_in_its_source(corpora: Path) -> None:
    lost = count = 0
    for file in sorted((corpora / "rust-community" / "content").rglob("*.md"))[::3]:
        text = file.read_text("utf-8").partition("\n---\n")[2]
        typed = {"".join(target.address.split()) for target in Spots(text, 1).targets}
        body = bodies.convert(text, "content/a.md", 1)
        assert body.refusals == ()
        count += len(body.links)
        lost += sum("".join(link.raw.split()) not in typed for link in body.links)
    assert count > 4_000 and lost == 0


# --- links made public

ADDRESSES = links.Addresses(
    "https://example.org/site/",
    {
        "content/index.md": "",
        "content/blog/a.md": "blog/a/",
        "content/blog/b.md": "blog/b/",
        "content/blog/r.png": "blog/r.png",
        "content/x/index.md": "x/",
        "events/2026/über.md": "events/2026/über/",
    },
    lambda: ("events/", "events.ics", "blog/"),
)


def shown(text: str, path: str = "content/blog/a.md") -> str:
    body = bodies.convert(text, path, 1)
    return ADDRESSES.in_page(body.html, ADDRESSES.files[path]).strip()


def fed(text: str) -> str:
    return ADDRESSES.in_feed(bodies.convert(text, "content/blog/a.md", 1).html).strip()


@pytest.mark.parametrize(
    ("raw", "on_the_page", "in_a_feed"),
    [
        ("b.md", "../b/", "https://example.org/site/blog/b/"),
        ("b.md#c", "../b/#c", "https://example.org/site/blog/b/#c"),
        ("#c", "#c", "https://example.org/site/blog/a/#c"),
        ("a.md", "./", "https://example.org/site/blog/a/"),
        ("../index.md", "../../", "https://example.org/site/"),
        ("/", "../../", "https://example.org/site/"),
        ("/blog/b/", "../b/", "https://example.org/site/blog/b/"),
        ("/blog/b", "../b/", "https://example.org/site/blog/b/"),
        ("../b/", "../b/", "https://example.org/site/blog/b/"),
        ("../x/", "../../x/", "https://example.org/site/x/"),
        ("../../events/", "../../events/", "https://example.org/site/events/"),
        ("/events.ics", "../../events.ics", "https://example.org/site/events.ics"),
        ("r.png", "../r.png", "https://example.org/site/blog/r.png"),
        (
            "../../events/2026/über.md#Ü",
            "../../events/2026/%C3%BCber/#%C3%9C",
            "https://example.org/site/events/2026/%C3%BCber/#%C3%9C",
        ),
        ("https://x.example/?a=1&b=2", *["https://x.example/?a=1&amp;b=2"] * 2),
        ("//x.example/y", *["https://x.example/y"] * 2),
        ("mailto:me@x.example", *["mailto:me@x.example"] * 2),
        ("tel:+4930123", *["tel:+4930123"] * 2),
        ('https://x.example/a b"c', *["https://x.example/a%20b%22c"] * 2),
    ],
)
def test_a_link_leads_to_the_same_page_from_everywhere(
    raw: str, on_the_page: str, in_a_feed: str
) -> None:
    assert shown(f"[t](<{raw}>)") == f'<p><a href="{on_the_page}">t</a></p>'
    assert fed(f"[t](<{raw}>)") == f'<p><a href="{in_a_feed}">t</a></p>'


@pytest.mark.parametrize(
    "raw", ["c.md", "", "../../../../etc/passwd", "/c/", "c.png", "\\\\x.example"]
)
def test_a_broken_link_keeps_its_text_and_leads_nowhere(raw: str) -> None:
    whole = f"[t *u*](<{raw}>)" if raw else "[t *u*]()"
    expected = '<p><a href="./">' if not raw else "<p><a>"
    assert shown(whole) == f"{expected}t <em>u</em></a></p>"


def test_a_missing_image_is_its_description() -> None:
    assert shown('Before ![a & "b"](c.png) after') == "<p>Before a &amp; &quot;b&quot; after</p>"


def test_an_image_has_its_size_where_it_is_known() -> None:
    html = bodies.convert("![a](r.png) ![b](r.png){ width=30 }", "content/blog/a.md", 1).html
    sized = ADDRESSES.in_page(html, "blog/a/", {"content/blog/r.png": (40, 20)}.get)
    rest = 'loading="lazy" decoding="async"'
    assert f'<img src="../r.png" alt="a" {rest} width="40" height="20">' in sized
    assert f'<img src="../r.png" alt="b" width="30" {rest}>' in sized


def test_an_image_keeps_what_the_theme_reads_from_its_hash() -> None:
    assert '<img src="../r.png#only-light"' in shown("![a](r.png#only-light)")


def test_an_image_of_another_host_is_a_link_so_that_pages_ask_no_other_host() -> None:
    assert (
        shown("![a](https://x.example/y.png)") == '<p><a href="https://x.example/y.png">a</a></p>'
    )
    linked = '<p><a href="../b/">a</a></p>'
    assert shown("[![a](https://x.example/y.png)](b.md)") == linked
    assert "<img" not in shown("![a](//x.example/y.png)")


def test_text_that_looks_like_a_private_link_stays_as_it_is() -> None:
    code = '<code>&lt;a href="townsquare:content/blog/b.md"&gt;</code>'
    assert code in shown('`<a href="townsquare:content/blog/b.md">`')
    assert "townsquare" not in shown("[a](townsquare:content/blog/b.md)")


@pytest.mark.parametrize(
    ("from_address", "to_address", "expected"),
    [
        ("", "", "./"), ("", "blog/", "blog/"), ("blog/", "", "../"), ("blog/", "blog/", "./"),
        ("blog/a/", "blog/b/", "../b/"), ("a/b/c/", "a/x.png", "../../x.png"),
        ("404.html", "blog/", "blog/"), ("", "a:b/", "./a:b/"), ("a/", "b c/", "../b%20c/"),
    ],
)  # fmt: skip
def test_relative_addresses(from_address: str, to_address: str, expected: str) -> None:
    assert links.relative(from_address, to_address) == expected


def test_relative_addresses_lead_where_the_url_standard_says() -> None:
    from itertools import product
    from urllib.parse import unquote, urljoin

    known = ["", "a/", "a/b/", "a/b/c/", "a/c.png", "a/b.html", "x/a/b/", "ab/", "über/a b/"]
    for here, there in product(known, known):
        site = "https://x.example/site/"
        assert unquote(urljoin(site + here, links.relative(here, there))) == site + there


# --- what is wrong with links

PNG = "not an image"


def found(root: Path, check: object, files: dict[str, str], **more: object) -> list[Problem]:
    made = communities.community(root, files)
    context = Context(made.library, made.bodies, made.clock, replace(made.addresses, **more))
    entries = context.library.entries
    return sorted(p for e in entries for p in check(context, e, context.bodies[e.path]))  # type: ignore[operator]


def post(body: str, front: str = "date: 2026-01-05") -> str:
    return f"---\ntitle: T\n{front}\n---\n{body}"


def lines(problems: list[Problem]) -> list[str]:
    return [
        f"{p.place.path}:{p.place.line}:{p.place.column}+{p.place.width} {p.message} | {p.hint}"
        for p in problems
    ]


def test_a_broken_link_is_reported_with_what_was_meant(tmp_path: Path) -> None:
    files = {
        "content/blog/a.md": post(
            "[1](bb.md) [2](c.md)\n\n[3](/blog/bb/) [4](https://x.example) [5](../nothing.md)\n"
            "[6](bb.md) [7](#h) [8](/events.ics) [9]()\n"
        ),
        "content/blog/bbb.md": post("Text."),
        "content/c.md": "---\ntitle: C\n---\nText.",
    }
    problems = found(tmp_path, checks.link_broken, files, outputs=lambda: ["events.ics"])
    default = "write the path from this file, as in `../../events/2026/fair.md`"
    assert lines(problems) == [
        "content/blog/a.md:5:5+5 `bb.md` leads nowhere | did you mean `bbb.md`?",
        "content/blog/a.md:5:16+4 `c.md` leads nowhere | did you mean `../c.md`?",
        f"content/blog/a.md:7:5+9 `/blog/bb/` leads nowhere | {default}",
        f"content/blog/a.md:7:43+13 `../nothing.md` leads nowhere | {default}",
        "content/blog/a.md:8:5+5 `bb.md` leads nowhere | did you mean `bbb.md`?",
        f"content/blog/a.md:8:41+1 the link is empty | {default}",
    ]


def test_a_link_to_the_front_page_is_not_broken(tmp_path: Path) -> None:
    files = {
        "content/index.md": "---\ntitle: Front\n---\nText.",
        "content/blog/a.md": post("[1](/) [2](../index.md) [3](../../)"),
    }
    assert found(tmp_path, checks.link_broken, files) == []


def test_a_link_to_a_hidden_entry_is_reported_and_is_not_broken(tmp_path: Path) -> None:
    files = {
        "content/blog/a.md": post("[1](b.md) [2](/blog/b/) [3](../b/)"),
        "content/blog/b.md": post("Text.", "date: 2026-01-05\ndraft: yes"),
    }
    problems = found(tmp_path / "1", checks.links_to_hidden, files)
    assert [(p.place.line, p.place.column) for p in problems] == [(5, 5), (5, 15), (5, 29)]
    assert found(tmp_path / "2", checks.link_broken, files) == []


def test_a_broken_anchor_is_reported_with_what_was_meant(tmp_path: Path) -> None:
    files = {
        "content/blog/a.md": post(
            "[1](b.md#seting) [2](#here) [3](b.md#own) [4](#nope) [5](#top)\n\n## Here\n"
        ),
        "content/blog/b.md": post("## Setting\n\n<p id='own'>x</p>\n"),
    }
    setting, nope = lines(found(tmp_path, checks.anchor_broken, files))
    where = "content/blog/b.md has no heading `#seting`"
    assert setting == f"content/blog/a.md:5:5+11 {where} | did you mean `setting`?"
    hint = "copy the address from the heading's `¶`"
    assert nope == f"content/blog/a.md:5:47+5 this page has no heading `#nope` | {hint}"


def test_images_are_checked(tmp_path: Path) -> None:
    files = {
        "content/blog/a.md": post(
            "![](r.png)\n![a](rr.png)\n![b](https://x.example/r.png)\n"
            '<img src="r.png" alt="">\n[![](r.png)](b.md)\n'
        ),
        "content/blog/r.png": PNG,
    }

    def at(check: object, folder: str) -> list[tuple[int, int, int]]:
        return [
            (p.place.line, p.place.column, p.place.width)
            for p in found(tmp_path / folder, check, files)
        ]

    assert at(checks.alt_text_missing, "1") == [(5, 5, 5), (9, 6, 5)]
    assert at(checks.image_missing, "2") == [(6, 6, 6)]
    assert at(checks.image_elsewhere, "3") == [(7, 6, 23)]
    assert at(checks.image_too_heavy, "4") == []
    files["content/blog/r.png"] = "x" * 500_001
    assert at(checks.image_too_heavy, "5") == [(5, 5, 5), (8, 11, 5), (9, 6, 5)]


def test_what_was_taken_out_is_reported_once_a_body(tmp_path: Path) -> None:
    files = {"content/blog/a.md": post("<b onclick=x>b</b>\n\n<script></script><b onclick=y>c</b>")}
    handler, script = lines(found(tmp_path, checks.html_removed, files))
    what = "`onclick=` is not published and was taken out (2 times in this file)"
    assert handler == f"content/blog/a.md:5:4+7 {what} | delete it"
    what = "`<script>` is not published and was taken out"
    assert script.startswith(f"content/blog/a.md:7:1+7 {what} | delete it, or")


def test_a_refused_body_is_reported(tmp_path: Path) -> None:
    files = {"content/blog/a.md": post("Text.\n\n" + "[" * 20_000)}
    (problem,) = found(tmp_path, checks.body_refused, files)
    assert (problem.code, problem.place.line) == ("body_too_complex", 7)
