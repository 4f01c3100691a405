"""Regular expressions that cost nothing until something is matched.

Compiling ours takes 15 ms, and a build after one edit uses a few of them.
"""

from __future__ import annotations

import re
from typing import Any, cast


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, compiled when first asked; a fault in it shows only then."""
    return cast("re.Pattern[str]", _Waiting(text, flags))


class _Waiting:
    """Stands for a pattern. Each method that was asked for once is the compiled pattern's own."""

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        # `re` remembers few patterns: this one stays, with what it was asked for.
        found = self.__dict__.get("_compiled") or re.compile(self._text, self._flags)
        self.__dict__["_compiled"] = found
        value = self.__dict__[name] = getattr(found, name)
        return value
