"""The members of `ledger.json`'s records: each reader returns a value that is safe to use.

A ledger comes over the network, and its addresses become files and its lines stand in calendars.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, cast

from townsquare.patterns import pattern

_STAMP = pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_MAX_SEQUENCE = 2**31 - 1
_ADDRESS = pattern(r"(?:[^/\\:?#]+/)*(?:[^/\\:?#]+)?")
_LINES = pattern(r"(?:(?!BEGIN:|END:)[^\x00-\x08\x0a-\x1f\x7f]+\r\n)*", re.IGNORECASE)


class DamageError(ValueError):
    """A part of the document is not what its format says."""


def text(value: Any) -> str:
    """A line without control characters."""
    if not isinstance(value, str) or re.search("[\x00-\x1f\x7f\ud800-\udfff]", value):
        raise DamageError("not a line of text")
    return value


def address(value: Any) -> str:
    """An address that stays inside the site when it is written to a folder."""
    if not _ADDRESS.fullmatch(text(value)) or {"..", "."} & set(value.split("/")):
        raise DamageError(f"{value!r} is not an address on a site")
    return value


def stamp(value: Any) -> datetime:
    """An instant, UTC."""
    try:
        return datetime.fromisoformat(value if _STAMP.fullmatch(text(value)) else "")
    except ValueError:
        raise DamageError(f"{value!r} is not an instant") from None


def content_lines(value: Any) -> bytes:
    """Content lines of one component, CRLF at their ends, that cannot begin or end another."""
    if not isinstance(value, str) or not _LINES.fullmatch(value):
        raise DamageError("not the content lines of a component")
    return value.encode()


def count(value: Any) -> int:
    """A SEQUENCE: RFC 5545's INTEGER, not negative."""
    if type(value) is not int or not 0 <= value <= _MAX_SEQUENCE:
        raise DamageError(f"{value!r} is not a sequence number")
    return value


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise DamageError("neither true nor false")
    return value


def a_list(value: Any) -> list[Any]:
    """A list of anything."""
    if not isinstance(value, list):
        raise DamageError("not a list")
    return cast("list[Any]", value)


def addresses(value: Any) -> tuple[str, ...]:
    """A list of addresses."""
    return tuple(address(each) for each in a_list(value))
