"""How single values that are not times are written: lines, slugs, addresses, yes and no.

Each parser takes the text as typed and returns the value, or raises `Fault`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

from townsquare.notations import shown
from townsquare.problems import Fault

MAX_LINE = 200
MAX_TEXT = 4000
MAX_URL = 1000
MAX_NAME = 200
"""How many bytes of UTF-8 a part of an address takes; file systems take 255, an ending included."""
_FLAGS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
_ASCII_NAME = r"[A-Za-z0-9_-](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?"
_BETWEEN = r"(?a)[\W_]+"
_EMAIL = r"[^\s@:<>\"?&]+@[^\s@<>\"?&]+"
# Cc, lone surrogates, noncharacters, and the marks that reorder text (Trojan Source,
# CVE-2021-42574). The plain marks U+200E, U+200F and U+061C stay: right-to-left prose needs them.
_UNSAFE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def unsafe_character(text: str) -> int | None:
    """The index of the first character that no title may hold; tabs and newlines are fine."""
    found = re.search(_UNSAFE, text)
    return found.start() if found else None


def without_unsafe(text: str) -> str:
    """The text with a blank for each character that no title may hold."""
    return re.sub(_UNSAFE, " ", text)


def is_name(text: str) -> bool:
    """Whether the text can be part of an address: letters, digits, marks, `.`, `_` and `-`.

    Dots stand inside only; a mark is not the first.
    """
    if re.fullmatch(_ASCII_NAME, text):
        return True
    held = all(c in "._-" or _is_letter(c) for c in text)
    return held and text[:1] not in ("", ".") and text[-1] != "." and not _is_mark(text[0])


@lru_cache(maxsize=10_000)
def spelling(word: str) -> str:
    """The word's slug: NFC, case folded, runs of anything but letters and digits as one `-`."""
    if word.isascii():
        return re.sub(_BETWEEN, "-", word.lower()).strip("-")
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", word).casefold())
    return "-".join("".join(c if _is_letter(c) else " " for c in folded).split())


def parse_text(text: str) -> str:
    """Text of several lines, NFC."""
    if text.isascii() and text.isprintable():
        # Nearly every value, and nothing below applies to it.
        return _bounded(_filled(text), MAX_TEXT)
    at = unsafe_character(text)
    if at is not None:
        name = unicodedata.name(text[at], f"U+{ord(text[at]):04X}")
        hint = "delete it and type the text anew"
        raise Fault("text_has_controls", f"the text holds {name}", hint)
    # Bounded first: Python orders a run of marks in quadratic time.
    return unicodedata.normalize("NFC", _bounded(_filled(text), MAX_TEXT))


def _filled(text: str) -> str:
    """The text without blanks around it, of which something must be left."""
    if not (trimmed := text.strip()):
        raise Fault("value_invalid", "the value is empty", "fill it in or delete the field")
    return trimmed


def parse_line(text: str) -> str:
    """One line, NFC, blanks folded: a value that YAML wrapped over lines is one line again."""
    return _bounded(" ".join(parse_text(text).split()), MAX_LINE)


@lru_cache(maxsize=10_000)
def parse_slug(text: str) -> str:
    """A word for ids: letters, digits, `.`, `_`, `-`."""
    slug = parse_line(text)
    if not is_name(slug) or slug[0] in "-_" or slug[-1] == "-":
        hint = "use letters, digits and `-`, as in `spring-school`"
        raise Fault("value_invalid", f"{shown(slug)} is not an id", hint)
    return _fitting(slug, slug)


def parse_tag(text: str) -> str:
    """A topic, as an author writes it."""
    word = parse_line(text)
    if "," in word:
        written = ", ".join(part.strip() for part in word.split(","))
        raise Fault("value_not_a_list", "tags are a list", f"write `[{written}]`")
    if not spelling(word):
        message = f"{shown(word)} holds no letter or digit"
        raise Fault("value_invalid", message, "use a word, which becomes the topic's address")
    return _fitting(word, spelling(word))


def parse_flag(text: str) -> bool:
    """`yes` or `no`."""
    word = text.strip().lower()
    if word not in _FLAGS:
        message = f"{shown(text)} is neither yes nor no"
        raise Fault("value_invalid", message, "write `yes` or `no`")
    return _FLAGS[word]


def parse_count(text: str) -> int:
    """A whole number, zero or more."""
    if not re.fullmatch(r"[0-9]{1,9}", text.strip()):
        message = f"{shown(text)} is not a whole number"
        raise Fault("value_invalid", message, "write digits only, as in `40`")
    return int(text)


def parse_url(text: str) -> str:
    """An absolute http or https address, without a user's name or password."""
    return web_address(parse_line(text))


def parse_long_url(text: str) -> str:
    """The same, as long as other people's systems make them."""
    return web_address(_bounded(parse_text(text), MAX_URL))


def web_address(url: str) -> str:
    """The line, if it is an absolute http or https address without a user's name or password."""
    hint = "write the whole address, as in `https://example.org/page`"
    try:
        parts = urlsplit(url)
        fits = parts.port is None or parts.port > 0
    except ValueError:
        raise Fault("value_invalid", f"{shown(url)} is not an address", hint) from None
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or re.search(r"\s", url)
        or not fits
    ):
        raise Fault("value_invalid", f"{shown(url)} is not a web address", hint)
    if wrong := re.search(r'[<>"\\^`{|}]', url):
        message = f"an address cannot hold `{wrong[0]}`"
        raise Fault("value_invalid", message, f"write `%{ord(wrong[0]):02X}` for it")
    if "@" in parts.netloc:
        message = "the address names a user before its host"
        raise Fault("value_invalid", message, "delete everything up to the `@`")
    return url


def parse_contact(text: str) -> str:
    """An address to write to: https or mailto."""
    line = parse_line(text)
    if re.fullmatch(_EMAIL, line):
        message = f"{shown(line)} is not a whole address"
        raise Fault("value_invalid", message, f"write `mailto:{line}`")
    if not line.startswith("mailto:"):
        return parse_url(text)
    if not re.fullmatch(f"mailto:{_EMAIL}", line):
        hint = "write one address, as in `mailto:team@example.org`"
        raise Fault("value_invalid", f"{shown(line)} is not an address to write to", hint)
    return line


def parse_address(text: str) -> str:
    """An address on this site, without slash at its start; with one at its end, or `.html`."""
    line = parse_line(text)
    parts = line.strip("/").split("/")
    if not all(is_name(part) for part in parts):
        hint = "write the path alone, as in `/blog/old-name/`"
        raise Fault("value_invalid", f"{shown(line)} is not an address on this site", hint)
    for part in parts:
        _fitting(line, part)
    return "/".join(parts) + ("" if line.endswith(".html") else "/")


def parse_file_path(text: str) -> str:
    """A file's path relative to the file that names it, forward slashes only."""
    line = parse_line(text)
    if "://" in line or line.startswith("/") or "\\" in line:
        hint = "write the path from this file, as in `../img/cover.png`"
        raise Fault("value_invalid", f"{shown(line)} is not a file of this repository", hint)
    return line


def parse_language(text: str) -> str:
    """A language tag (BCP 47), such as `de` or `pt-BR`."""
    line = parse_line(text)
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", line):
        message = f"{shown(line)} is not a language tag"
        raise Fault("value_invalid", message, "write it as in `de` or `pt-BR`")
    return line


def _bounded(text: str, most: int) -> str:
    if len(text) > most:
        message = f"{len(text)} characters, at most {most} fit"
        raise Fault("value_too_long", message, "shorten it")
    return text


def _fitting(text: str, name: str) -> str:
    """The text, if the name that it becomes in addresses can be a file's."""
    size = len(name.encode())
    if size > MAX_NAME:
        message = f"{size} bytes in UTF-8, at most {MAX_NAME} fit in an address"
        raise Fault("value_too_long", message, "shorten it")
    return text


def _is_letter(character: str) -> bool:
    # Python's `\w` knows no marks, without which Hindi and Thai cannot be written.
    return character.isalnum() or _is_mark(character)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc")
