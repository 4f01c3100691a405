"""Code in colours, by Pygments. Imported when there is code to colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, cast

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name
from pygments.style import Style, StyleMeta
from pymdownx import highlight  # pyright: ignore[reportMissingTypeStubs]

if TYPE_CHECKING:
    from townsquare.highlighting import Highlighting


class _WithoutTokens(StyleMeta):
    """A style of no tokens."""

    def __iter__(cls) -> Iterator[Any]:  # noqa: N805 - it is a metaclass
        return iter(())


class Uncoloured(Style, metaclass=_WithoutTokens):
    """Code is coloured by the theme's style sheet; Pygments would write one a block to no end."""


class Highlight(highlight.Highlight):
    """Looks each language up once: Pygments walks through its 600 lexers every time.

    A lexer itself is made anew for each block: some remember what they have read.
    """

    def highlight(  # pyright: ignore[reportIncompatibleMethodOverride] - as it is called
        self, src: str, language: str, css_class: str, **options: Any
    ) -> Any:
        """The code in colours: HTML, or an element if it is inline."""
        # A block without a number, mark, class or title of its own, as nearly all are.
        special = ("inline", "hl_lines", "classes", "id_value", "attrs", "title")
        if options.get("linestart", -1) > 0 or any(options.get(name) for name in special):
            stock = cast("Any", super())
            return stock.highlight(src, language, css_class, **options)
        lexer, _ = self.get_lexer(src, language, inline=False, stripnl=True)
        code = _written(lexer.get_tokens(src))
        return f'<div class="{css_class}"><pre><span></span><code>{code}</code></pre></div>'

    def get_lexer(self, src: str, language: str, inline: bool, stripnl: bool) -> tuple[Lexer, str]:  # noqa: ARG002, FBT001 — as pymdownx calls it
        """The lexer for this language, or else for text, and its name."""
        try:
            return _lexer_class(language)(stripnl=stripnl), language
        except Exception:  # as pymdownx does: whatever is wrong with the lexer, there is text
            return _lexer_class("text")(stripnl=stripnl), "text"


def indented(md: Markdown, extension: Highlighting) -> Treeprocessor:
    """What highlights indented code, as text."""
    made: Any = highlight.HighlightTreeprocessor(md, extension)
    made.config = extension.settings | {"pygments_style": Uncoloured}
    return made


# Authors name languages, so there is no end of names.
_lexer_class = lru_cache(maxsize=256)(find_lexer_class_by_name)


def _written(tokens: Iterable[tuple[Any, str]]) -> str:
    """The tokens as Pygments' HtmlFormatter writes them, which takes twice as long.

    Neighbours that look alike share an element; none goes on in the next line.
    """
    done: list[str] = []
    write = done.append
    before: str | None = None  # the element that the line so far ends in, and how it is closed
    closed = ""
    for kind, value in tokens:
        opening, closing = _element(kind)
        if "&" in value or "<" in value or ">" in value:
            value = escape(value, quote=False)
        *ended, rest = value.split("\n")
        for part in ended:
            same = opening == before or not part
            write(f"{part}{closed}\n" if same else f"{closed}{opening}{part}{closing}\n")
            before, closed = None, ""
        if rest:
            write(rest if opening == before else f"{closed}{opening}{rest}")
            before, closed = opening, closing
    if before is not None:
        write(f"{closed}\n")
    return "".join(done)


@cache
def _element(kind: Any) -> tuple[str, str]:
    """How the element around a token of this kind opens and closes."""
    classes: str = _FORMATTER._get_css_classes(kind)
    return (f'<span class="{classes}">', "</span>") if classes else ("", "")


# Code is coloured by the theme's style sheet: any style would do here.
_FORMATTER = cast("Any", HtmlFormatter(style=Uncoloured))
