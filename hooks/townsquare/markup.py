"""What clean HTML needs before it is published: ids, links, labels, room to scroll.

One pass over the tags. Links into the repository get the private scheme `townsquare:`, which
`links.with_links` replaces; no author can type it, because sanitising knows no such scheme.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import quote
from zlib import crc32

from townsquare import excerpts, links
from townsquare.anchors import Anchors
from townsquare.patterns import pattern
from townsquare.sanitising import scheme
from townsquare.values import value

# Of tags without attributes those that change here; code only where it is a block.
_TAG = pattern(
    r'<(?!span class="[^"]*">)'
    r"(/?(?:a|h[1-6]|table)|(?:(?<=<pre><)|(?<=<span></span><))code|img|input|[a-z][a-z0-9]*(?= ))"
    r'((?: [a-z-]+="[^"]*")*)>'
)
_ATTRIBUTE = pattern(r'([a-z-]+)="([^"]*)"')
_ITEM_END = pattern(r"<(?:/li|/?p|ul|ol|dl|div|table|pre|blockquote|hr|h[1-6])\b")
_TEXT_LENGTH = 1000
_TAB_ID = pattern(r"__tabbed_(?=\d+(?:_\d+)?$)")
_UNSAFE_IN_URLS = {ord(c): quote(c) for c in ' "<>\\^`{|}'}


@value
class Heading:
    """A heading as it stands on the page, under the page's own `h1`. `text` is plain."""

    level: int
    id: str
    text: str


@value
class Use:
    """A link or image in the order of the page, not yet found in the source.

    `raw` is the address as typed; `path` the file, folder or address in the repository that it
    means, empty for other sites; `or_path` what it means if `path` is not there.
    """

    raw: str
    path: str
    or_path: str
    fragment: str
    is_image: bool
    alt: str


@dataclass(slots=True)
class Finished:
    """Clean HTML made ready, and what stands in it."""

    html: str = ""
    headings: list[Heading] = field(default_factory=list[Heading])
    uses: list[Use] = field(default_factory=list[Use])
    ids: tuple[str, ...] = ()


def finish(html: str, path: str) -> Finished:
    """The clean HTML of the file `path`, made ready to be published."""
    pass_ = _Pass(html, path)
    done = pass_.done
    done.html = _TAG.sub(pass_.tag, html).replace("<pre><span></span>", "<pre>")
    done.ids = tuple(pass_.anchors.taken)
    return done


class _Pass:
    """What one pass over a body's tags has to remember."""

    def __init__(self, html: str, path: str) -> None:
        self.html = html
        self.path = path
        self.done = Finished()
        self.deeper = "<h1" in html
        self.tabs = f"__tabbed_{crc32(path.encode()):08x}_"
        self.open_headings: list[Heading | None] = []
        self.anchors = Anchors()
        self.in_link = False
        self.start = self.end = 0
        self._special: dict[str, Callable[[dict[str, str]], str]] = {
            "a": self._link,
            "img": self._image,
            "input": self._input,
            "label": self._label,
            "table": self._table,
            "code": self._code,
        }

    def tag(self, found: re.Match[str]) -> str:
        """What stands on the page in place of this tag."""
        name = found[1]
        self.start, self.end = found.span()
        if name[0] == "/":
            return self._closing(name[1:])
        attributes = dict(_ATTRIBUTE.findall(found[2]))
        if name[0] == "h" and name[1:].isdigit():
            return self._heading(int(name[1]), attributes)
        if make := self._special.get(name):
            return make(attributes)
        self.anchors.keep_own(attributes)
        return _written(name, attributes)

    def _closing(self, name: str) -> str:
        if name == "table":
            return "</table></div>"
        if name != "a":
            return self._heading_end()
        self.in_link = False
        return "</a>"

    def _heading(self, level: int, attributes: dict[str, str]) -> str:
        text = self._text_before(self.html.find(f"</h{level}>", self.end))
        if not text:
            self.open_headings.append(None)
            return ""
        self.anchors.keep_own(attributes)
        id = attributes.pop("id", None) or self.anchors.of_heading(text)
        heading = Heading(min(6, level + self.deeper), id, text)
        self.open_headings.append(heading)
        self.done.headings.append(heading)
        return _written(f"h{heading.level}", {"id": id} | attributes)

    def _heading_end(self) -> str:
        """The heading's end with its permalink.

        Hidden from keyboards and screen readers: there it would double each heading's name, and
        the table of contents holds the same links.
        """
        heading = self.open_headings.pop()
        if heading is None:
            return ""
        target = links.private(self.path, "", heading.id)
        mark = f'<a href="{target}" class="headerlink" aria-hidden="true" tabindex="-1">¶</a>'
        return f"{mark}</h{heading.level}>"

    def _link(self, attributes: dict[str, str]) -> str:
        if name := attributes.pop("name", None):
            attributes.setdefault("id", name)
        self.anchors.keep_own(attributes)
        raw = attributes.pop("href", None)
        if raw is None:
            return _written("a", attributes)
        self.in_link = True
        raw = unescape(raw).strip()
        href, use = self._address(raw)
        if not attributes.get("class", "").startswith("footnote-"):
            self.done.uses.append(use)
        return _written("a", {"href": href} | attributes)

    def _image(self, attributes: dict[str, str]) -> str:
        self.anchors.keep_own(attributes)
        raw = unescape(attributes.pop("src", "")).strip()
        alt = attributes.pop("alt", "")
        if not raw:
            return alt
        src, use = self._address(raw, unescape(alt), is_image=True)
        self.done.uses.append(use)
        if not use.path:
            return self._elsewhere(src, alt or escape(raw))
        sizes = {n: v for n in ("width", "height") if (v := attributes.pop(n, "")).isdecimal()}
        given = {"src": src, "alt": alt} | attributes | sizes
        return _written("img", given | {"loading": "lazy", "decoding": "async"})

    def _elsewhere(self, src: str, text: str) -> str:
        """A link in an image's place: pages ask no other host for anything."""
        return text if self.in_link else f'<a href="{src}">{text}</a>'

    def _address(self, raw: str, alt: str = "", *, is_image: bool = False) -> tuple[str, Use]:
        """The address as it is written, and the use that it is."""
        if raw.startswith("//"):
            raw, typed = f"https:{raw}", raw
        else:
            typed = raw
        if scheme(raw):
            written = escape(raw.translate(_UNSAFE_IN_URLS))
            return written, Use(typed, "", "", "", is_image, alt)
        path, or_path, fragment = links.meant(raw, self.path)
        use = Use(typed, path, "" if is_image else or_path, fragment, is_image, alt)
        return links.private(use.path, use.or_path, fragment), use

    def _input(self, attributes: dict[str, str]) -> str:
        """A tab's switch or a task's box; other inputs go."""
        kind = attributes.get("type")
        checked = {"checked": ""} if "checked" in attributes else {}
        if kind == "radio" and _TAB_ID.match(attributes.get("id", "")):
            wiring = {n: _TAB_ID.sub(self.tabs, attributes.get(n, "")) for n in ("id", "name")}
            return _written("input", {"type": "radio"} | wiring | checked)
        if kind != "checkbox":
            return ""
        end = _ITEM_END.search(self.html, self.end, self.end + _TEXT_LENGTH)
        text = self._text_before(end.start() if end else -1)
        label = {"aria-label": escape(text or "☐")}
        return _written("input", {"type": "checkbox", "disabled": ""} | checked | label)

    def _text_before(self, end: int) -> str:
        """The text between the tag and `end`, in one line; of very long text its beginning."""
        start, limit = self.end, self.end + _TEXT_LENGTH
        if start <= end <= limit:
            return excerpts.line(self.html[start:end])
        part = self.html[start:limit]
        return excerpts.line(part[: part.rfind("<")] if part.rfind("<") > part.rfind(">") else part)

    def _label(self, attributes: dict[str, str]) -> str:
        """A label keeps its wiring to a tab, and to nothing else on the page."""
        wanted = attributes.pop("for", "")
        self.anchors.keep_own(attributes)
        if _TAB_ID.match(wanted):
            attributes["for"] = _TAB_ID.sub(self.tabs, wanted)
        return _written("label", attributes)

    def _table(self, attributes: dict[str, str]) -> str:
        """A table in a box that keyboards can scroll."""
        self.anchors.keep_own(attributes)
        return '<div class="table-scroll" tabindex="0">' + _written("table", attributes)

    def _code(self, attributes: dict[str, str]) -> str:
        """Code; a block of it can be scrolled by keyboard."""
        self.anchors.keep_own(attributes)
        if self.html.endswith(("<pre>", "<pre><span></span>"), 0, self.start):
            attributes["tabindex"] = "0"
        return _written("code", attributes)


def _written(name: str, attributes: dict[str, str]) -> str:
    return f"<{name}" + "".join(f' {n}="{v}"' for n, v in attributes.items()) + ">"
