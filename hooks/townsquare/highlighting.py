"""Code in colours, and Pygments imported by the first text that holds a block of code.

Stands in for `pymdownx.highlight`, which imports it with the converter (20 ms): for its settings
that other extensions read, for what they call to highlight, and for its look at indented code.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

# What pymdownx.highlight answers with, as published.
_USUAL: dict[str, Any] = {
    "auto_title": False,
    "auto_title_map": {},
    "code_attr_on_pre": False,
    "css_class": "highlight",
    "default_lang": "",
    "extend_pygments_lang": [],
    "guess_lang": 0,
    "language_prefix": "language-",
    "line_anchors": "",
    "line_spans": "",
    "linenums": None,
    "linenums_class": "linenums",
    "linenums_special": -1,
    "noclasses": False,
    "pygments_style": None,
    "pygments_lang_class": False,
    "stripnl": True,
    "use_pygments": True,
}


def highlighting(*, _enabled: bool = True, **settings: Any) -> Extension | None:
    """The extension; none where another only makes sure that there is one."""
    return Highlighting(**settings) if _enabled else None


class Highlighting(Extension):
    """Answers as pymdownx's extension does, and counts blocks of code as it does."""

    def __init__(self, **settings: Any) -> None:
        super().__init__()
        self.settings = _USUAL | settings
        self.pygments_code_block = -1

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 — the name that Markdown calls
        """Register the look at indented code."""
        md.registerExtension(self)
        md.treeprocessors.register(_IndentedCode(md, self), "indent-highlight", 30)

    def reset(self) -> None:
        """Forget the text before."""
        self.pygments_code_block = -1

    def get_pymdownx_highlight_settings(self) -> dict[str, Any]:
        """The settings, for superfences and inlinehilite."""
        return self.settings

    def get_pymdownx_highlighter(self) -> type[_Highlighter]:
        """What highlights, for the same."""
        return _Highlighter


class _Highlighter:
    """Waits for something to highlight."""

    def __init__(self, md: Markdown, **settings: Any) -> None:
        self._md = md
        self._settings = settings

    def highlight(self, *args: Any, **options: Any) -> Any:
        """The code in colours: HTML, or an element if it is inline."""
        from townsquare import colouring

        settings: dict[str, Any] = {**self._settings, "pygments_style": colouring.Uncoloured}
        return colouring.Highlight(self._md, **settings).highlight(*args, **options)


class _IndentedCode(Treeprocessor):
    """Highlights indented code as text, if there is any."""

    def __init__(self, md: Markdown, extension: Highlighting) -> None:
        super().__init__(md)
        self._extension = extension

    def run(self, root: Element) -> None:
        """Give blocks of code to pymdownx."""
        if next(root.iter("pre"), None) is not None:
            from townsquare import colouring

            colouring.indented(self.md, self._extension).run(root)
