"""Bytes of a stranger's → XML or iCalendar text that is safe to give to a parser.

What is refused here is what makes parsers run out of memory, stack or time. The parser then gets
the very text that was looked at, never the bytes, so that the two cannot read it differently.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from html.entities import html5
from xml.parsers import expat

from townsquare import texts
from townsquare.imports import SourceFailed

MAX_DEPTH = 64
MAX_ELEMENTS = 100_000
MAX_ITEMS = 2000
MAX_LINES = 200_000
MAX_COMPONENTS = 5000
_MAX_NESTED = 4
_BOMS = ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be"))
_ENCODINGS = re.compile(
    r"utf-?8|utf-?16(?:-?[lb]e)?|us-ascii|ascii|latin-?1|iso-?8859-?\d{1,2}|windows-?125\d|cp125\d"
    r"|koi8-?[ru]|gb(?:2312|k|18030)|big5|shift_?jis|euc-?(?:jp|kr)",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"\s*<\?xml\s[^<>]*?\?>")
_DECLARED = re.compile(rb"^\s*<\?xml\s[^<>]*?encoding=[\"']([\w.:-]{1,40})[\"']")
_REFERENCE = re.compile(r"&(?:#\d{1,7};|#x[0-9a-fA-F]{1,6};|(\w{1,31};))?")
_OF_XML = frozenset(("lt;", "gt;", "amp;", "quot;", "apos;"))


def text_of(data: bytes, stated: str) -> str:
    """The bytes as text: by their mark, by what HTTP states, by what XML declares (RFC 7303 §3).

    Where that lies, as UTF-8; and where that is wrong too, as Windows-1252, what cannot be marked.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    declared = _DECLARED.match(data[:1000])
    named = stated or (declared[1].decode("ascii", "replace") if declared else "")
    for encoding in (named, "utf-8"):
        try:
            if _ENCODINGS.fullmatch(encoding):
                return data.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def xml(data: bytes, stated: str) -> bytes:
    """The document as well-formed UTF-8 without any entity of its own; else SourceFailed.

    Lone `&` and names that only HTML knows are written as XML writes them: feeds often hold them.
    """
    text = _DECLARATION.sub("", texts.without_unsafe(text_of(data, stated)), count=1)
    mended = _REFERENCE.sub(_as_xml, text).strip().encode("utf-8", "replace")
    _Guard().look_through(mended)
    return mended


def _as_xml(found: re.Match[str]) -> str:
    name = found[1]
    if name in _OF_XML or (name is None and len(found[0]) > 1):
        return found[0]
    meant = html5.get(name or "")
    return "".join(f"&#{ord(c)};" for c in meant) if meant else f"&amp;{found[0][1:]}"


class _Guard:
    """Counts what a document holds, and stops at the first thing that would be too much."""

    def __init__(self) -> None:
        self._depth = self._elements = self._items = 0

    def look_through(self, document: bytes) -> None:
        """SourceFailed where a parser should not be given the document."""
        parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._document_type
        parser.StartElementHandler = self._opened
        parser.EndElementHandler = self._closed
        try:
            parser.Parse(document, True)  # noqa: FBT003 — expat takes it by position only
        except expat.ExpatError as error:
            wrong = expat.errors.messages[error.code]
            raise SourceFailed(f"it is not well-formed XML: {wrong}, line {error.lineno}") from None

    def _document_type(self, *_declared: object) -> None:
        raise SourceFailed("it declares a document type, as web pages and entity bombs do")

    def _opened(self, name: str, _attributes: object) -> None:
        self._depth += 1
        self._elements += 1
        self._items += name.rpartition(" ")[2] in ("item", "entry")
        for count, most, what in (
            (self._depth, MAX_DEPTH, "levels"),
            (self._elements, MAX_ELEMENTS, "elements"),
            (self._items, MAX_ITEMS, "items"),
        ):
            if count > most:
                raise SourceFailed(f"it holds more than {most} {what}")

    def _closed(self, _name: str) -> None:
        self._depth -= 1


def calendar(data: bytes, stated: str) -> str:
    """The calendar's content lines, unfolded; else SourceFailed.

    RFC 5545 §3.1: a line break before a blank is none.
    """
    text = re.sub(r"\r?\n[ \t]", "", text_of(data, stated).replace("\x00", ""))
    lines = text.splitlines()
    depth = components = 0
    for line in lines:
        word = line[:6].upper()
        if word == "BEGIN:":
            depth, components = depth + 1, components + 1
        depth -= line[:4].upper() == "END:"
        if depth > _MAX_NESTED:
            raise SourceFailed(f"it nests more than {_MAX_NESTED} components")
    for count, most, what in (
        (len(lines), MAX_LINES, "lines"),
        (components, MAX_COMPONENTS, "components"),
    ):
        if count > most:
            raise SourceFailed(f"it holds more than {most} {what}")
    return "\r\n".join(lines) + "\r\n"
