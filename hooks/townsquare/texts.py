"""How single values that are not times are written: lines, slugs, addresses, yes and no.

Each parser takes the text as typed and returns the value, or raises `Fault`.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from townsquare.problems import Fault

MAX_LINE = 200
MAX_TEXT = 4000
_FLAGS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
_SLUG = re.compile(r"[^\W_](?:[\w.-]*\w)?", re.UNICODE)
# Cc, lone surrogates, noncharacters, and the marks that reorder text (Trojan Source, CVE-2021-42574).
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def unsafe_character(text: str) -> int | None:
    """The index of the first character that no title may hold; tabs and newlines are fine."""
    found = _UNSAFE.search(text)
    return found.start() if found else None


def parse_text(text: str) -> str:
    """Text of several lines, NFC."""
    at = unsafe_character(text)
    if at is not None:
        name = unicodedata.name(text[at], f"U+{ord(text[at]):04X}")
        raise Fault("text_has_controls", f"the text holds {name}", "delete it and type the text anew")
    if len(text) > MAX_TEXT:
        raise Fault("value_too_long", f"{len(text)} characters, at most {MAX_TEXT} fit", "shorten it")
    return unicodedata.normalize("NFC", text.strip())


def parse_line(text: str) -> str:
    """One line, NFC, blanks folded: a value that YAML wrapped over lines is one line again."""
    line = " ".join(parse_text(text).split())
    if not line:
        raise Fault("value_invalid", "the value is empty", "fill it in or delete the field")
    if len(line) > MAX_LINE:
        raise Fault("value_too_long", f"{len(line)} characters, at most {MAX_LINE} fit", "shorten it")
    return line


def parse_slug(text: str) -> str:
    """A word for ids: letters, digits, `.`, `_`, `-`."""
    slug = parse_line(text)
    if not _SLUG.fullmatch(slug):
        hint = "use letters, digits and `-`, as in `spring-school`"
        raise Fault("value_invalid", f"`{slug}` is not an id", hint)
    return slug


def parse_flag(text: str) -> bool:
    """`yes` or `no`."""
    try:
        return _FLAGS[text.strip().lower()]
    except KeyError:
        raise Fault("value_invalid", f"`{text}` is neither yes nor no", "write `yes` or `no`") from None


def parse_count(text: str) -> int:
    """A whole number, zero or more."""
    if not re.fullmatch(r"[0-9]{1,9}", text.strip()):
        raise Fault("value_invalid", f"`{text}` is not a whole number", "write digits only, as in `40`")
    return int(text)


def parse_url(text: str) -> str:
    """An absolute http or https address."""
    url = parse_line(text)
    hint = "write the whole address, as in `https://example.org/page`"
    try:
        parts = urlsplit(url)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        raise Fault("value_invalid", f"`{url}` is not an address", hint) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in url or not port_fits:
        raise Fault("value_invalid", f"`{url}` is not a web address", hint)
    if re.search(r'[<>"\\^`{|}]', url):
        raise Fault("value_invalid", f"`{url}` holds a character that addresses cannot", hint)
    return url


def parse_contact(text: str) -> str:
    """An address to write to: https or mailto."""
    if text.strip().startswith("mailto:"):
        line = parse_line(text)
        if re.fullmatch(r"mailto:[^\s@<>\"?&]+@[^\s@<>\"?&]+", line):
            return line
        raise Fault("value_invalid", f"`{line}` is not an address", "as in `mailto:team@example.org`")
    return parse_url(text)


def parse_address(text: str) -> str:
    """An address on this site, given without slash at its start and with one at its end."""
    line = parse_line(text)
    parts = line.strip("/").split("/")
    if "://" in line or not all(re.fullmatch(r"[\w.-]+", p) for p in parts) or ".." in parts:
        hint = "write it as in `/blog/old-name/`"
        raise Fault("value_invalid", f"`{line}` is not an address on this site", hint)
    return "/".join(parts) + ("" if "." in parts[-1] and not line.endswith("/") else "/")


def parse_file_path(text: str) -> str:
    """A file's path relative to the file that names it, forward slashes only."""
    line = parse_line(text)
    if "://" in line or line.startswith("/") or "\\" in line:
        hint = "write the path from this file, as in `../img/cover.png`"
        raise Fault("value_invalid", f"`{line}` is not a file of this repository", hint)
    return line


def parse_language(text: str) -> str:
    """A language tag (BCP 47), such as `de` or `pt-BR`."""
    line = parse_line(text)
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", line):
        raise Fault("value_invalid", f"`{line}` is not a language tag", "as in `de` or `pt-BR`")
    return line
