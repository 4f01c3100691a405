"""Plain text and summaries of HTML that is clean: well-formed, with `<` in tags only."""

from __future__ import annotations

import re
from html import unescape

from townsquare.patterns import pattern

_PRE = pattern(r"(<pre\b[^<>]*>.*?</pre>)", re.DOTALL)
_NOTE_REFERENCE = pattern(r'<sup id="fnref[^<>]*>.*?</sup>', re.DOTALL)
_NOT_TEXT = pattern(
    r'<sup id="fnref[^<>]*>.*?</sup>'
    r'|<a [^<>]*class="(?:headerlink|footnote-backref)"[^<>]*>.*?</a>',
    re.DOTALL,
)
_IMAGE = pattern(r'<img [^<>]*?alt="([^"]*)"[^<>]*>')
_ITEM = pattern(r"<li\b[^<>]*>(?:\s*<p>)?")
_CELL = pattern(r"</(?:t[dh]|label)>\s*(?=<(?:t[dh]|label)\b)")
_BLOCK = pattern(
    r"</?(?:blockquote|dd|details|div|dl|dt|figcaption|figure|h[1-6]|hr|ol|p|pre|summary|table|tr|ul)"
    r"\b[^<>]*>"
)
_TAG = pattern(r"<[^<>]*>")
_INDENT = pattern(r"\n +")
_EMPTY_LINES = pattern(r"\n\n\s*\n")
_HEADING = pattern(r"<h([1-6])\b[^<>]*>.*?</h\1>", re.DOTALL)
_OWN_ID = pattern(r' id="(?!__tabbed_)[^"]*"')
_PARAGRAPH = pattern(r"<p>(.*?)</p>", re.DOTALL)
_PAIRED = pattern(r"<(/?)([a-z][a-z0-9]*)\b[^<>]*>")
_VOID = frozenset(["br", "col", "hr", "img", "input", "wbr"])
MORE = '<hr class="more">'


def plain(html: str) -> str:
    """The text that a reader sees, blocks parted by an empty line, images as their descriptions."""
    html = _NOT_TEXT.sub("", html)
    if "<pre" not in html:
        return _tidy(_flowing(html))
    pieces = _PRE.split(html)
    pieces[::2] = [_flowing(piece) for piece in pieces[::2]]
    pieces[1::2] = [f"\n\n{_TAG.sub('', piece).strip()}\n\n" for piece in pieces[1::2]]
    return _tidy("".join(pieces))


def line(html: str) -> str:
    """The text of a heading, a label or the like, in one line."""
    html = _IMAGE.sub(r"\1", _NOT_TEXT.sub("", html))
    return " ".join(unescape(_TAG.sub("", html)).split())


def summary(html: str) -> str:
    """What stands before the more-mark, else the first paragraph: HTML fit to stand in a list.

    Headings, references to footnotes and anchors are left out.
    """
    if MORE in html:
        part = _closed(html[: html.index(MORE)])
    else:
        found = (each[0] for each in _PARAGRAPH.finditer(html) if line(each[1]))
        part = next(found, "")
    part = _HEADING.sub("", _NOTE_REFERENCE.sub("", part))
    return _OWN_ID.sub("", part).strip()


def _flowing(html: str) -> str:
    html = " ".join(html.split())
    if "<img" in html:
        html = _IMAGE.sub(r"\1", html)
    html = _ITEM.sub("\n- ", _CELL.sub(" | ", html.replace("<br>", "\n")))
    return _INDENT.sub("\n", _TAG.sub("", _BLOCK.sub("\n\n", html)))


def _tidy(text: str) -> str:
    lines = "\n".join(map(str.rstrip, unescape(text).split("\n")))
    return _EMPTY_LINES.sub("\n\n", lines).strip()


def _closed(html: str) -> str:
    """The beginning of well-formed HTML, its open elements closed."""
    open_tags: list[str] = []
    for closing, tag in _PAIRED.findall(html):
        if closing:
            open_tags.pop()
        elif tag not in _VOID:
            open_tags.append(tag)
    return html + "".join(f"</{tag}>" for tag in reversed(open_tags))
