"""Markdown → HTML that is not yet safe, with the syntax that Material for MkDocs documents.

Nothing here reads a file, runs code or asks the network: snippets, emoji sets, front matter and
link guessing are left out on purpose. The result is what Python-Markdown gives with `EXTENSIONS`
and `CONFIGS`; what stands in for parts of it leaves out work that could not change anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension

from townsquare import blocks, highlighting, inlines, passes

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
    },
    "pymdownx.superfences": {"relaxed_headers": True},
    "pymdownx.tabbed": {"alternate_style": True},
    "pymdownx.tasklist": {"custom_checkbox": True},
}
_QUICKER: dict[str, Callable[..., Extension | None]] = {
    "pymdownx.betterem": inlines.Delimiters,
    "pymdownx.highlight": highlighting.highlighting,
    "pymdownx.superfences": passes.Fences,
    **dict.fromkeys(("pymdownx.caret", "pymdownx.mark", "pymdownx.tilde"), inlines.with_delimiters),
}
# What must stand in a text for an extension to change anything. They are imported then: the first
# two bring `urllib.request` with them, 20 ms.
_LATE: dict[str, tuple[str, ...]] = {
    "pymdownx.arithmatex": ("$$", "\\"),
    "pymdownx.keys": ("++",),
    "pymdownx.tabbed": ("===",),
}


def to_html(text: str) -> str:
    """The text as HTML, raw HTML of the author's included, footnotes at its end.

    Raises whatever Python-Markdown raises for text that it cannot take.
    """
    markdown = _markdown()
    try:
        markdown.extend_for(text)
        markdown.inline.steps = 0
        return markdown.reset().convert(text)
    except BaseException:
        _markdown.cache_clear()
        raise


@cache
def _markdown() -> _Markdown:
    """One instance a process: building one costs as much as converting ten posts."""
    return _Markdown()


class _Markdown(Markdown):
    """Python-Markdown with quicker parts, and extensions that come when a text needs them."""

    def __init__(self) -> None:
        early = [name for name in EXTENSIONS if name not in _LATE]
        super().__init__(extensions=early, extension_configs=CONFIGS)
        self._late = dict(_LATE)
        self._block_level = frozenset(self.block_level_elements)
        self.inline = inlines.MarkedPatterns(self)
        self.treeprocessors.register(self.inline, "inline", 20)
        self.treeprocessors.register(passes.Unescape(self), "unescape", 0)
        self.preprocessors.register(passes.Whitespace(self), "normalize_whitespace", 30)
        self.preprocessors.register(passes.Html(self), "html_block", 20)
        self.postprocessors.register(passes.RawHtml(self), "raw_html", 30)

    def build_parser(self) -> Markdown:
        """Build all parts, with our own block parser."""
        super().build_parser()
        self.parser = self.blocks = blocks.GuardedBlockParser(self.parser)
        return self

    def build_extension(self, ext_name: str, configs: Mapping[str, Any]) -> Any:
        """The extension of this name, not searched for in what is installed (50 ms)."""
        if ext_name in _QUICKER:
            return _QUICKER[ext_name](**configs)
        module = ext_name if "." in ext_name else f"markdown.extensions.{ext_name}"
        return import_module(module).makeExtension(**configs)

    def is_block_level(self, tag: Any) -> bool:
        """Whether this is a block-level tag; the stock one searches a list of them."""
        return isinstance(tag, str) and tag.lower().rstrip("/") in self._block_level

    def extend_for(self, text: str) -> None:
        """Register the extensions whose marks stand in this text."""
        for name in [n for n, marks in self._late.items() if any(m in text for m in marks)]:
            del self._late[name]
            self.registerExtensions([name], CONFIGS)
            self.blocks.processors_changed()
            self.inline.patterns_changed()
