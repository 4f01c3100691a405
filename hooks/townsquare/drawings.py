"""Drawings (.svg) of logos and avatars, written anew from what is known to be harmless.

A drawing is a document that can hold script, styles that ask other hosts, and other documents. What
is published holds shapes, text, colours and gradients, and names nothing but its own parts:
https://www.w3.org/TR/SVG2/. Pages show it as an image only, and it stays harmless where somebody
opens it by its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate

from townsquare.patterns import pattern

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
MAX_BYTES, MAX_ELEMENTS, MAX_DEPTH, MAX_USES = 256 * 1024, 5000, 50, 50
_ELEMENTS = """
    svg g defs symbol use path rect circle ellipse line polyline polygon text tspan title desc
    style linearGradient radialGradient stop clipPath mask pattern filter feBlend feColorMatrix
    feComposite feFlood feGaussianBlur feMerge feMergeNode feOffset
"""
ELEMENTS = frozenset(_ELEMENTS.split())
_SHAPES = """
    id class x y x1 x2 y1 y2 cx cy r rx ry fx fy fr dx dy d points width height viewBox
    transform preserveAspectRatio pathLength offset gradientUnits gradientTransform spreadMethod
    clipPathUnits maskUnits maskContentUnits patternUnits patternContentUnits patternTransform
    filterUnits primitiveUnits in in2 result stdDeviation values type mode operator k1 k2 k3 k4
    textLength lengthAdjust rotate role aria-label lang
"""
SHAPES = frozenset(_SHAPES.split())
_STYLES = """
    fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap
    stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset opacity color display
    visibility overflow clip-path clip-rule mask filter stop-color stop-opacity flood-color
    flood-opacity font-family font-size font-style font-weight letter-spacing text-anchor
    dominant-baseline color-interpolation-filters isolation mix-blend-mode paint-order
    vector-effect shape-rendering text-rendering
"""
STYLES = frozenset(_STYLES.split())
"""What may be said as an attribute and as a style alike."""
# What drawing programs write for themselves, which nobody misses.
_UNSEEN_SPACES = (
    *("inkscape", "sodipodi", "rdf-syntax", "purl.org/dc", "creativecommons", "adobe", "sketch"),
)
_UNSEEN = ("metadata", "version", "baseProfile", "enable-background", "space")
_OWN_PART = pattern(r"url\(\s*[\"']?#[A-Za-z_][\w.-]*[\"']?\s*\)")
_COLOUR = pattern(r"(?:rgb|hsl)a?\([\d\s.,%/+-]*\)")
_PLAIN = pattern(r"[\w\s.,%#+-]*")
_FONTS = pattern(r"[\w\s.,\"'-]*")
_COMMENT = pattern(r"/\*.*?\*/", re.DOTALL)
_SELECTORS = pattern(r"\s*[.#]?[\w-]+(?:\s*,\s*[.#]?[\w-]+)*\s*")


class Removed(NamedTuple):
    """What was taken out, and where in the file it stood; line and column from 1."""

    what: str
    line: int
    column: int


class Drawing(NamedTuple):
    """A drawing as it is published, and what of it is not."""

    data: bytes
    removed: tuple[Removed, ...]


class NoDrawing(Exception):
    """Why a file cannot be published as a drawing, and where; line and column from 1."""

    def __init__(self, why: str, line: int = 1, column: int = 1) -> None:
        super().__init__(why)
        self.line, self.column = line, column


def cleaned(data: bytes) -> Drawing:
    """The drawing without what it must not hold. Raises NoDrawing where it is none.

    Nothing is read but the text itself: a document type, and with it every entity, is refused.
    """
    if len(data) > MAX_BYTES:
        raise NoDrawing(f"a drawing takes {MAX_BYTES // 1024} KB, and this has {len(data) // 1024}")
    writer = _Writer()
    try:
        writer.parser.Parse(data, True)  # noqa: FBT003 (its only form)
    except ExpatError as error:
        raise NoDrawing(f"it is not well-formed: {error}", error.lineno, error.offset + 1) from None
    writer.refuse_loops()
    return Drawing("".join(writer.text).encode(), tuple(writer.removed))


class _Writer:
    """Writes what is known while the parser reads; `skipped` is how deep in what is left out."""

    def __init__(self) -> None:
        self.parser = ParserCreate(namespace_separator=" ")
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.text: list[str] = []
        self.removed: list[Removed] = []
        self.skipped = self.count = 0
        self._open: list[str] = []
        self._ids: list[str] = []
        self._used: list[tuple[str, frozenset[str]]] = []
        self._style: list[str] = []

    def refuse_loops(self) -> None:
        """Refuses parts that are used inside of parts that are used: a few lines draw millions."""
        targets = {target for target, _ in self._used}
        for _, around in self._used:
            if around & targets:
                raise NoDrawing("what `use` shows holds a `use` itself")

    def _doctype(self, *_words: object) -> None:
        why = "it has a document type: delete the line that begins with `<!DOCTYPE`"
        raise NoDrawing(why, self.parser.CurrentLineNumber)

    def _start(self, whole: str, listed: list[str]) -> None:
        self.count += 1
        if self.count > MAX_ELEMENTS or len(self._open) + self.skipped >= MAX_DEPTH:
            raise self._fault(
                f"it has more than {MAX_ELEMENTS} parts, or {MAX_DEPTH} in each other"
            )
        space, _, name = whole.rpartition(" ")
        if self.count == 1 and (space, name) != (SVG, "svg"):
            raise self._fault("it is no SVG drawing")
        if self.skipped or space != SVG or name not in ELEMENTS:
            if not self.skipped:
                self._leave_out(space, name, f"`<{name}>`")
            self.skipped += 1
            return
        given = dict(zip(listed[::2], listed[1::2], strict=True))
        kept = dict(self._attributes(given))
        if name == "use":
            self._note_use(kept.get("href", ""))
        own = f' xmlns="{SVG}"' if not self._open else ""
        written = "".join(f' {each}="{_written(text)}"' for each, text in kept.items())
        self.text.append(f"<{name}{own}{written}>")
        self._open.append(name)
        self._ids.append(kept.get("id", ""))

    def _note_use(self, target: str) -> None:
        self._used.append((target.removeprefix("#"), frozenset(filter(None, self._ids))))
        if len(self._used) > MAX_USES:
            raise self._fault(f"it shows parts again more than {MAX_USES} times")

    def _end(self, _whole: str) -> None:
        if self.skipped:
            self.skipped -= 1
            return
        name = self._open.pop()
        self._ids.pop()
        if name == "style":
            self.text.append(_written(self._rules("".join(self._style))))
            self._style.clear()
        self.text.append(f"</{name}>")

    def _characters(self, text: str) -> None:
        if self.skipped or not self._open:
            return
        if self._open[-1] == "style":
            self._style.append(text)
        else:
            self.text.append(_written(text))

    def _attributes(self, given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for whole, text in given.items():
            space, _, name = whole.rpartition(" ")
            if name == "href" and space in ("", XLINK) and text.startswith("#"):
                yield "href", text
            elif space == "" and name == "style":
                if kept := self._declarations(text):
                    yield "style", kept
            elif space == "" and (name in SHAPES or (name in STYLES and _is_local(name, text))):
                yield name, text
            elif not name.startswith("data-"):
                self._leave_out(space, name, f"`{name}`")

    def _rules(self, text: str) -> str:
        kept: list[str] = []
        for rule in _COMMENT.sub("", text).split("}"):
            selectors, brace, body = rule.partition("{")
            if not brace and not selectors.strip():
                continue
            if not brace or not _SELECTORS.fullmatch(selectors):
                self._leave_out("", "style", "a rule of `<style>`")
            elif declared := self._declarations(body):
                kept.append(f"{selectors.strip()}{{{declared}}}")
        return "".join(kept)

    def _declarations(self, text: str) -> str:
        kept: list[str] = []
        for each in filter(str.strip, text.split(";")):
            name, _, said = (part.strip() for part in each.partition(":"))
            if name in STYLES and _is_local(name, said):
                kept.append(f"{name}:{said}")
            elif not name.startswith("-"):
                self._leave_out("", name, f"`{name[:40]}` of a style")
        return ";".join(kept)

    def _leave_out(self, space: str, name: str, what: str) -> None:
        if name not in _UNSEEN and not any(word in space for word in _UNSEEN_SPACES):
            line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
            self.removed.append(Removed(what, line, column))

    def _fault(self, why: str) -> NoDrawing:
        return NoDrawing(why, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)


def _written(text: str) -> str:
    """The text as XML holds it; reading it again gives the same, which a line break would not."""
    return escape(" ".join(re.split("[\\t\\n\\r]", text)))


def _is_local(name: str, text: str) -> bool:
    """Whether a style's value leads nowhere but to a part of the same drawing.

    Only colours are written with brackets beside; only the names of fonts are quoted.
    """
    rest = _COLOUR.sub("", _OWN_PART.sub("", text))
    return bool((_FONTS if name == "font-family" else _PLAIN).fullmatch(rest))
