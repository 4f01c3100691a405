"""Logos and avatars: harmless wherever they are opened, and they look as they were drawn."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from communities import context, of_each
from hypothesis import given
from hypothesis import strategies as st

from judges import browser
from townsquare import drawings
from townsquare.checks.drawings import drawing_unsafe

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
HEAD += 'xmlns:h="http://www.w3.org/1999/xhtml" '
RUN = "window.ran=1;parent.ran=1;top.ran=1"
HOST = "http://127.0.0.1:9/evil"
BODIES = (
    f"<script>{RUN}</script>",
    f"<script type='text/ecmascript'><![CDATA[{RUN}]]></script>",
    "<script href='data:text/javascript,window.ran=1'/>",
    "<script xlink:href='data:text/javascript,window.ran=1'/>",
    f"<h:script>{RUN}</h:script>",
    f"<foreignObject><body xmlns='http://www.w3.org/1999/xhtml' onload='{RUN}'/></foreignObject>",
    "<foreignObject><h:iframe srcdoc='&lt;script&gt;parent.ran=1&lt;/script&gt;'/></foreignObject>",
    f"<foreignObject><h:img src='x' onerror='{RUN}'/></foreignObject>",
    f"<h:img src='x' onerror='{RUN}'/>",
    f"<h:link rel='stylesheet' href='{HOST}'/>",
    f"<image href='{HOST}' width='9' height='9'/>",
    f"<image href='x' onerror='{RUN}'/>",
    f"<feImage href='{HOST}'/>",
    f"<use href='{HOST}#a'/>",
    "<use xlink:href='data:image/svg+xml,x#a'/>",
    f"<a href='javascript:{RUN}'><circle r='9'/></a>",
    f"<circle r='9'><set attributeName='onmouseover' to='{RUN}'/></circle>",
    f"<circle r='9'><animate attributeName='x' begin='0s' onbegin='{RUN}' dur='1s'/></circle>",
    "<a><animate attributeName='href' values='javascript:window.ran=1'/><text>x</text></a>",
    f"<style>@import '{HOST}';</style>",
    f"<style>circle{{fill:url({HOST}#a)}}</style><circle r='9'/>",
    f"<style>@font-face{{font-family:a;src:url({HOST})}}text{{font-family:a}}</style><text>a</text>",
    f"<style>circle{{fill:u\\72l({HOST})}}</style><circle r='9'/>",
    f"<style>circle{{mask:image-set('{HOST}' 1x)}}</style><circle r='9'/>",
    f"<circle r='9' fill='url({HOST}#a)'/>",
    f"<circle r='9' style='fill:url(&quot;{HOST}#a&quot;)'/>",
    f"<circle r='9' filter='url({HOST}#a)'/>",
    f"<text style='cursor:url({HOST}),auto'>a</text>",
    f"<handler xmlns:ev='http://www.w3.org/2001/xml-events' ev:event='load'>{RUN}</handler>",
    f"<listener event='load' handler='javascript:{RUN}'/>",
    f"<g onload='{RUN}'/><g onclick='{RUN}'/><g ONLOAD='{RUN}'/>",
    f"<title><h:script>{RUN}</h:script></title>",
    f"<desc>&lt;script&gt;{RUN}&lt;/script&gt;</desc>",
    f"<style>]]&gt;&lt;/style>&lt;script>{RUN}&lt;/script></style>",
    f"<metadata><script xmlns='http://www.w3.org/2000/svg'>{RUN}</script></metadata>",
    f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{HOST}'/>",
    f"<video xmlns='http://www.w3.org/1999/xhtml' src='x' onerror='{RUN}'/>",
    f"<switch><script>{RUN}</script></switch>",
    "<discard begin='0s'/><mpath href='#a'/>",
)
WHOLE = (
    f'<?xml-stylesheet href="{HOST}"?>{HEAD}/>',
    f'<?xml-stylesheet type="text/xsl" href="#x"?>{HEAD}><script>{RUN}</script></svg>',
    f'{HEAD} onload="{RUN}"/>',
    f"{HEAD} xml:base='javascript:{RUN}//'/>",
    f"{HEAD} xmlns:a='http://www.w3.org/2000/svg'><a:script>{RUN}</a:script></svg>",
    f"\ufeff{HEAD}><script>{RUN}</script></svg>",
)
HOSTILE = tuple(f"{HEAD} viewBox='0 0 9 9'>{body}</svg>" for body in BODIES) + WHOLE
NONE = (
    "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + HEAD + ">&a;</svg>",
    '<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + HEAD + ">&b;</svg>",
    "<!DOCTYPE svg SYSTEM 'http://127.0.0.1:9/x.dtd'>" + HEAD + "/>",
    "<html xmlns='http://www.w3.org/1999/xhtml'><script>1</script></html>",
    "<svg><script>1</script></svg>",
    HEAD + ">" + "<g>" * 60 + "</g>" * 60 + "</svg>",
    HEAD + ">" + "<g/>" * 6000 + "</svg>",
    HEAD + "><g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g></svg>",
    HEAD + ">" + "<use href='#a'/>" * 60 + "</svg>",
    HEAD + ">" + "<!--" + "x" * 300_000 + "--></svg>",
    HEAD + ">",
    "",
    "\0",
    "GIF89a",
)
HARMLESS = (
    '<circle cx="50" cy="50" r="40" fill="#c00" stroke="black" stroke-width="4"/>',
    '<style>.a{fill:#0a7;stroke:#123}</style><path class="a" d="M10 10h80v60z"/>',
    (
        '<defs><linearGradient id="g"><stop offset="0" stop-color="red"/><stop offset="1" '
        'style="stop-color:blue;stop-opacity:.5"/></linearGradient></defs>'
        '<rect width="100" height="100" fill="url(#g)"/>'
    ),
    (
        '<symbol id="s" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></symbol>'
        '<use xlink:href="#s" width="40" height="40"/><use href="#s" x="50" width="40"/>'
    ),
    (
        '<defs><clipPath id="c"><circle r="30" cx="50" cy="50"/></clipPath></defs>'
        '<g clip-path="url(#c)" transform="rotate(9)"><rect width="99" height="99"/></g>'
    ),
    '<text x="5" y="60" font-family="sans-serif" font-size="30">Bo &amp; Co &lt;3</text>',
    (
        '<filter id="f"><feGaussianBlur stdDeviation="3"/></filter>'
        '<ellipse cx="50" cy="50" rx="40" ry="20" filter="url(#f)"/>'
    ),
    (
        '<mask id="m"><rect width="50" height="99" fill="white"/></mask>'
        '<polygon points="0,0 99,0 50,99" mask="url(#m)" fill-opacity=".6"/>'
    ),
)


def whole(body: str) -> str:
    return f'{HEAD} viewBox="0 0 100 100" width="100" height="100">{body}</svg>'


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_published_names_nothing_but_its_own_parts(text):
    made = drawings.cleaned(text.encode())
    assert drawings.cleaned(made.data) == (made.data, ())
    for each in ET.fromstring(made.data).iter():
        assert each.tag.removeprefix(f"{{{drawings.SVG}}}") in drawings.ELEMENTS
        for name, value in each.attrib.items():
            assert not name.lower().startswith("on") and "}" not in name
            assert "javascript" not in value and "127.0.0.1" not in value
    assert b"127.0.0.1" not in made.data.replace(b"&lt;", b"")


@pytest.mark.parametrize("text", NONE, ids=range(len(NONE)))
def test_what_is_no_drawing_is_refused(text):
    with pytest.raises(drawings.NoDrawing):
        drawings.cleaned(text.encode())


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: whole(t).encode()))
def test_any_bytes_are_cleaned_or_refused(data):
    try:
        made = drawings.cleaned(data)
    except drawings.NoDrawing:
        return
    assert drawings.cleaned(made.data).data == made.data


def test_nothing_runs_or_asks_another_host_in_chromium(tmp_path, chromium, full):
    """The same files as they came do: the control."""
    tried = HOSTILE if full else HOSTILE[::3]
    for folder, change in (("raw", False), ("safe", True)):
        (tmp_path / folder).mkdir()
        for number, text in enumerate(tried):
            data = drawings.cleaned(text.encode()).data if change else text.encode()
            (tmp_path / folder / f"{number}.svg").write_bytes(data)
    did = {"raw": 0, "safe": 0}
    with browser.served(tmp_path) as address:
        for folder in did:
            for number in range(len(tried)):
                did[folder] += harm(chromium, f"{address}{folder}/{number}.svg")
    assert did["safe"] == 0
    assert did["raw"] >= len(tried) / 3


def harm(chromium: browser.Chromium, address: str) -> int:
    """Whether opening the drawing runs something, or asks another host."""
    with chromium.visit(address) as visit:
        return int(visit.page.evaluate("window.ran === 1") or bool(visit.foreign))


def test_drawings_look_as_they_were_drawn(tmp_path, chromium):
    shown = []
    for change in (False, True):
        for number, body in enumerate(HARMLESS):
            data = whole(body).encode()
            (tmp_path / f"{number}.svg").write_bytes(
                drawings.cleaned(data).data if change else data
            )
        images = "".join(f'<img src="{n}.svg">' for n in range(len(HARMLESS)))
        (tmp_path / "index.html").write_text(f"<!doctype html><title>x</title>{images}")
        with browser.served(tmp_path) as address, chromium.visit(address) as visit:
            shown.append(visit.page.screenshot())
    assert shown[0] == shown[1]
    assert all(drawings.cleaned(whole(body).encode()).removed == () for body in HARMLESS)


def test_what_drawing_programs_write_for_themselves_is_left_out_in_silence():
    made = drawings.cleaned(
        (
            '<?xml version="1.0" encoding="UTF-8" standalone="no"?><!-- Made with a program -->'
            + HEAD
            + 'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" version="1.1" '
            'inkscape:version="1.3" xml:space="preserve"><metadata>x</metadata><g data-name="a" '
            'inkscape:label="b" style="fill:red;-inkscape-font-specification:a"/></svg>'
        ).encode()
    )
    assert made.removed == ()
    assert made.data == f'<svg xmlns="{drawings.SVG}"><g style="fill:red"></g></svg>'.encode()


def test_faults_are_told_at_the_drawing(tmp_path: Path):
    partner = "---\ntitle: Acme\nurl: https://acme.net\nlogo: {src: a.svg, alt: An anvil}\n---\n"
    drawn = whole("<circle r='1'/>\n<script/>")
    seen = context(tmp_path, {"content/partners/acme.md": partner, "content/partners/a.svg": drawn})
    (found,) = of_each(drawing_unsafe)(seen)
    assert (found.place.path, found.place.line, found.place.column) == (
        "content/partners/a.svg",
        2,
        1,
    )
    assert found.message == "the drawing is published without `<script>`"
