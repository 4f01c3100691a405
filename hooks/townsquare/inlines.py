"""Python-Markdown's inline patterns, tried only where their marks stand in the text.

The stock processor tries all patterns on every piece of text, a fifth of a conversion's time, and
compiles patterns for emphasis that most texts do not hold, 45 ms of a first conversion's.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import InlineProcessor
from markdown.util import INLINE_PLACEHOLDER_PREFIX, AtomicString
from pymdownx import delimiterprocessor  # pyright: ignore[reportMissingTypeStubs]

from townsquare import complexity

# A character that must stand in a piece of text for an inline pattern to match it, one of these.
_NEEDED: dict[str, frozenset[str]] = {
    "arithmatex-inline": frozenset("\\"),
    "autolink": frozenset("<"),
    "automail": frozenset("<"),
    "backtick": frozenset("`"),
    "delimiter": frozenset("*_^=~"),
    "entity": frozenset("&"),
    "escape": frozenset("\\"),
    "footnote": frozenset("^"),
    "html": frozenset("<"),
    "image_link": frozenset("!"),
    "image_reference": frozenset("!"),
    "keys": frozenset("+"),
    "keys-custom": frozenset("+"),
    "linebreak": frozenset("\n"),
    "link": frozenset("["),
    "reference": frozenset("["),
    "short_image_ref": frozenset("!"),
    "short_reference": frozenset("["),
}
_MARKS = frozenset[str]().union(*_NEEDED.values())
# They match what is defined, and find nothing where nothing is.
_OF_DEFINITIONS = ("image_reference", "reference", "short_image_ref", "short_reference")

_Numbered = list[tuple[int, Any]]


class MarkedPatterns(InlineProcessor):
    """An inline processor that tries only patterns whose marks stand in the text."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.steps = 0
        self._markdown: Any = md
        self._apply: Any = getattr(self, "_InlineProcessor__applyPattern")  # noqa: B009 — mangled names, of a class that is not ours
        self._placed: Any = getattr(InlineProcessor, "_InlineProcessor__processPlaceholders")  # noqa: B009 — mangled names, of a class that is not ours
        self._tried: dict[tuple[frozenset[str], bool], _Numbered] = {}

    def patterns_changed(self) -> None:
        """Forget which patterns to try: others have been registered."""
        self._tried.clear()

    def _InlineProcessor__handleInline(self, data: str, index: int = 0) -> str:  # noqa: N802 — the name that Markdown calls
        """The text with placeholders for what the patterns from `index` on have matched."""
        if isinstance(data, AtomicString):
            return data
        if index == 0:
            self.steps += complexity.inline_steps(data)
            if self.steps > complexity.MAX_INLINE_STEPS:
                raise complexity.TooManySteps(data)
        marks = frozenset(filter(data.__contains__, _MARKS))
        for number, pattern in self._to_try(marks) if marks else ():
            matched, start = number >= index, 0
            while matched:
                data, matched, start = self._apply(pattern, data, number, start)
        return data

    def _InlineProcessor__processPlaceholders(  # noqa: N802 — the name that Markdown calls
        self,
        data: str,
        parent: Element,
        isText: bool = True,  # noqa: FBT001, FBT002, N803 — as Markdown passes it
    ) -> list[Any]:
        """The elements that the text's placeholders stand for; its other text goes into `parent`.

        Most text holds no placeholder, which the stock method finds out slowly.
        """
        if not data or INLINE_PLACEHOLDER_PREFIX in data:
            return self._placed(self, data, parent, isText)
        if isText:
            parent.text = parent.text + data if parent.text else data
        else:
            parent.tail = parent.tail + data if parent.tail else data
        return []

    def _to_try(self, marks: frozenset[str]) -> _Numbered:
        """The patterns that may match a text with these marks, in order, numbered."""
        key = marks, bool(self._markdown.references)
        found = self._tried.get(key)
        if found is None:
            found = self._tried[key] = self._fitting(*key)
        return found

    def _fitting(self, marks: frozenset[str], defined: bool) -> _Numbered:  # noqa: FBT001 — the parts of one key
        patterns: list[Any] = list(self.inlinePatterns)
        for name, needed in _NEEDED.items():
            if name in self.inlinePatterns:
                at = self.inlinePatterns.get_index_for_name(name)
                if marks.isdisjoint(needed) or (name in _OF_DEFINITIONS and not defined):
                    patterns[at] = None
        return [(n, each) for n, each in enumerate(patterns) if each is not None]


class _LateDelimiter(delimiterprocessor.Delimiter):
    """A delimiter whose pattern is compiled when a text holds it: each takes some 10 ms."""

    def _build_patterns(self, token: str) -> str:
        return token

    def __getattr__(self, name: str) -> Any:
        """What the stock delimiter makes with its patterns, when it is first asked for."""
        if name not in ("bad", "boundary", "max_size"):
            raise AttributeError(name)
        super()._build_patterns(self.token)
        return self.__dict__[name]


class _Delimiters(delimiterprocessor.DelimiterProcessor):
    """Finds the next delimiter with a search, not character by character."""

    def get_match(self, data: str, start: int) -> re.Match[str] | None:
        """What the delimiter at `start` is. Only its own pattern can match there."""
        return self.delimiters[data[start]].boundary.match(data, start)

    def search(self, data: str, start: int) -> re.Match[str] | None:
        """The next delimiter from `start` on that opens, or can close what is open."""
        for found in self.compiled_re.finditer(data, start):
            delimiter = self.delimiters[found[0]]
            match = delimiter.boundary.match(data, found.start())
            if match and (delimiter.stack or not str(match.lastgroup).startswith("e")):
                return match
        return None


class Delimiters(Extension):
    """What betterem, caret, mark and tilde of pymdownx do together, compiled when needed."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 — the name that Markdown calls
        """Register the delimiters as those extensions do with their usual settings."""
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, *" ^=~"]
        self._made = made = _Delimiters(_LateDelimiter("*", "strong,em"), md)
        made.add(_LateDelimiter("_", "strong,em", smart=True))
        made.add(_LateDelimiter("^", "ins,sup", no_space=True, punct=False))
        made.add(_LateDelimiter("=", "mark", double=True))
        made.add(_LateDelimiter("~", "del,sub", no_space=True, punct=False))
        md.inlinePatterns.deregister("em_strong")
        md.inlinePatterns.register(made, "delimiter", 60)
        md.registerExtension(self)

    def reset(self) -> None:
        """Forget the text before."""
        self._made.reset()


def with_delimiters(**_settings: Any) -> None:
    """Nothing: `Delimiters` does what this extension does."""
