"""JSON in one form: sorted keys, two blanks of indent, UTF-8, a newline at the end.

The standard library's encoder is in C only without an indent; this is what it writes with one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from json.encoder import encode_basestring
from typing import Any, cast


def encoded(value: Any) -> bytes:
    """The value as a whole file."""
    return f"{text(value)}\n".encode()


def text(value: Any, before: str = "\n") -> str:
    """The value as it stands inside another; `before` is a line break and the line's own indent."""
    if isinstance(value, str):
        return encode_basestring(value)
    inner = before + "  "
    if isinstance(value, dict):
        pairs = sorted(cast("dict[str, Any]", value).items())
        return _block("{}", [f"{encode_basestring(k)}: {text(v, inner)}" for k, v in pairs], before)
    if isinstance(value, (list, tuple)):
        return array([text(each, inner) for each in cast("list[Any]", value)], before)
    return json.dumps(value)


def array(texts: Iterable[str], before: str = "\n") -> str:
    """A list of values that are text already, each as it stands two blanks further in."""
    return _block("[]", texts, before)


def items(texts: Iterable[str], before: str) -> str:
    """Values that are text already, as they stand after each other in a list or an object."""
    return f",{before}".join(texts)


def _block(brackets: str, parts: Iterable[str], before: str) -> str:
    inside = items(parts, f"{before}  ")
    return f"{brackets[0]}{before}  {inside}{before}{brackets[1]}" if inside else brackets
