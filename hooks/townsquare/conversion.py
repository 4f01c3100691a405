"""Markdown → HTML that is not yet safe, with the syntax that Material for MkDocs documents.

Nothing here reads a file, runs code or asks the network: snippets, emoji sets, front matter and
link guessing are left out on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any

from markdown import Markdown
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString
from pygments.style import Style, StyleMeta

from townsquare import complexity


class _WithoutTokens(StyleMeta):
    """A style of no tokens."""

    def __iter__(cls) -> Iterator[Any]:  # noqa: N805 - it is a metaclass
        return iter(())


class _Uncoloured(Style, metaclass=_WithoutTokens):
    """Code is coloured by the theme's style sheet; Pygments would write one a block to no end."""


EXTENSIONS = (
    "abbr",
    "admonition",
    "attr_list",
    "def_list",
    "footnotes",
    "md_in_html",
    "tables",
    "pymdownx.arithmatex",
    "pymdownx.betterem",
    "pymdownx.caret",
    "pymdownx.details",
    "pymdownx.highlight",
    "pymdownx.inlinehilite",
    "pymdownx.keys",
    "pymdownx.mark",
    "pymdownx.superfences",
    "pymdownx.tabbed",
    "pymdownx.tasklist",
    "pymdownx.tilde",
)
CONFIGS: dict[str, dict[str, Any]] = {
    # Its own title is English; the arrow and the number need no translation.
    "footnotes": {"BACKLINK_TITLE": "↩ %d"},
    # Formulas stay as typed until a renderer of the site's own is there to draw them. A single
    # dollar is a price more often than a formula.
    "pymdownx.arithmatex": {
        "generic": True,
        "inline_syntax": ["round"],
        "tex_block_wrap": ["$$", "$$"],
    },
    "pymdownx.highlight": {
        "anchor_linenums": False,
        "linenums_style": "pymdownx-inline",
        "pygments_style": _Uncoloured,
    },
    "pymdownx.superfences": {"relaxed_headers": True},
    "pymdownx.tabbed": {"alternate_style": True},
    "pymdownx.tasklist": {"custom_checkbox": True},
}
# What must stand in a piece of text for an inline pattern to match it, one of each pattern's.
_MARKS: dict[str, frozenset[str]] = {
    "arithmatex-inline": frozenset({"\\("}),
    "autolink": frozenset("<"),
    "automail": frozenset("<"),
    "backtick": frozenset("`"),
    "delimiter": frozenset("*_^=~"),
    "entity": frozenset("&"),
    "escape": frozenset("\\"),
    "footnote": frozenset({"[^"}),
    "html": frozenset("<"),
    "image_link": frozenset({"!["}),
    "image_reference": frozenset({"!["}),
    "keys": frozenset({"++"}),
    "keys-custom": frozenset({"++"}),
    "linebreak": frozenset({"  \n"}),
    "link": frozenset("["),
    "reference": frozenset("["),
    "short_image_ref": frozenset({"!["}),
    "short_reference": frozenset("["),
}
_ALL_MARKS = frozenset[str]().union(*_MARKS.values())


def to_html(text: str) -> str:
    """The text as HTML, raw HTML of the author's included, footnotes at its end.

    Raises whatever Python-Markdown raises for text that it cannot take.
    """
    markdown, inline = _markdown()
    inline.steps = 0
    try:
        return markdown.reset().convert(text)
    except BaseException:
        _markdown.cache_clear()
        raise


@cache
def _markdown() -> tuple[Markdown, _MarkedPatterns]:
    """One instance a process: building one costs as much as converting ten posts."""
    made = Markdown(extensions=list(EXTENSIONS), extension_configs=CONFIGS)
    inline = _MarkedPatterns(made)
    made.treeprocessors.register(inline, "inline", 20)
    return made, inline


class _MarkedPatterns(InlineProcessor):
    """Python-Markdown's inline processor, trying only patterns whose marks stand in the text.

    The stock one tries all patterns on every piece of text, a fifth of a conversion's time.
    """

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.steps = 0
        self._apply: Any = getattr(self, "_InlineProcessor__applyPattern")  # noqa: B009

    @cached_property
    def _marks(self) -> list[frozenset[str]]:
        """For each pattern what must stand in a text for it, in order; nothing: always try it."""
        marks = [frozenset[str]()] * len(self.inlinePatterns)
        for name, needed in _MARKS.items():
            marks[self.inlinePatterns.get_index_for_name(name)] = needed
        return marks

    def _InlineProcessor__handleInline(self, data: str, index: int = 0) -> str:  # noqa: N802
        """The text with placeholders for what the patterns from `index` on have matched."""
        if isinstance(data, AtomicString):
            return data
        if index == 0:
            self.steps += complexity.inline_steps(data)
            if self.steps > complexity.MAX_INLINE_STEPS:
                raise complexity.TooManySteps(data)
        here = frozenset(filter(data.__contains__, _ALL_MARKS))
        start = 0
        while index < len(self._marks):
            matched, needed = False, self._marks[index]
            if not needed or not here.isdisjoint(needed):
                data, matched, start = self._apply(self.inlinePatterns[index], data, index, start)
            if not matched:
                index, start = index + 1, 0
        return data
