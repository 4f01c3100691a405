"""Passes of a conversion over the whole text, left out where they would change nothing."""

from __future__ import annotations

import re
from typing import Any, cast

from markdown.extensions.md_in_html import HtmlBlockPreprocessor, MarkdownInHTMLPostprocessor
from markdown.preprocessors import NormalizeWhitespace
from markdown.treeprocessors import UnescapeTreeprocessor
from markdown.util import HTML_PLACEHOLDER, STX
from pymdownx import superfences  # pyright: ignore[reportMissingTypeStubs]

# One of these must stand in a text for the stock pass to change more than its end.
_UNUSUAL = ("\t", "\r", "\x02", "\x03", " \n")
_KEPT = HTML_PLACEHOLDER % "([0-9]+)"
_PLACEHOLDER = re.compile(f"<p>{_KEPT}</p>|{_KEPT}")


class Whitespace(NormalizeWhitespace):
    """Tabs, other line ends, lines of blanks and placeholders of authors' own taken out."""

    def run(self, lines: list[str]) -> list[str]:
        """The lines, and two empty ones."""
        source = "\n".join([*lines, ""])
        usual = not any(mark in source for mark in _UNUSUAL)
        return [*lines, "", ""] if usual else super().run(lines)


class Html(HtmlBlockPreprocessor):
    """Raw HTML put aside, if there is a tag or an entity."""

    def run(self, lines: list[str]) -> list[str]:
        """The lines with placeholders for HTML."""
        plain = not any("<" in line or "&" in line for line in lines)
        return lines if plain else super().run(lines)


class Unescape(UnescapeTreeprocessor):
    """Escaped characters put back, where text holds any."""

    def unescape(self, text: str) -> str:
        """The text without placeholders of escaped characters."""
        return super().unescape(text) if STX in text else text


class RawHtml(MarkdownInHTMLPostprocessor):
    """What was put aside put back; looked through itself only where it holds a placeholder."""

    def run(self, text: str) -> str:
        """The text with what its placeholders stand for."""
        return _PLACEHOLDER.sub(self._restored, text) if self.md.htmlStash.html_counter else text

    def _restored(self, found: re.Match[str]) -> str:
        number = int(found[1] or found[2])
        if number >= self.md.htmlStash.html_counter:
            return found[0]
        html = self.stash_to_string(self.md.htmlStash.rawHtmlBlocks[number])
        if found[1] and not self.isblocklevel(html):
            html = f"<p>{html}</p>"
        return _PLACEHOLDER.sub(self._restored, html) if STX in html else html


class Fences(superfences.SuperFencesCodeExtension):
    """Superfences that looks for blocks of code only from the first fence to the last."""

    def patch_fenced_rule(self) -> None:
        """Register what superfences does, and our preprocessor in its own's place."""
        super().patch_fenced_rule()
        fences: Any = _Fences(self.md)
        fences.config, fences.extension = self.getConfigs(), self
        self.superfences[0]["formatter"] = fences.highlight  # pyright: ignore[reportUnknownMemberType]
        self.md.preprocessors.register(fences, "fenced_code_block", 25)


class _Fences(superfences.SuperFencesBlockPreprocessor):
    config: dict[str, Any]
    extension: Fences

    def search_nested(self, lines: list[str]) -> list[str]:
        """The lines with placeholders for blocks of code."""
        fences = [n for n, line in enumerate(lines) if "```" in line or "~~~" in line]
        if not fences:
            return lines
        start, end = fences[0], fences[-1] + 1
        made = cast("Any", super()).search_nested(lines[start:end])
        return [*lines[:start], *made, *lines[end:]]
