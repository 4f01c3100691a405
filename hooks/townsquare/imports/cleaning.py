"""A stranger's text → one plain line: no markup, no controls, cut between words.

What is kept of others' texts is never HTML, so that nothing is left that could act. Templates
escape it where it lands, as they do every text.
"""

from __future__ import annotations

import unicodedata

from townsquare import excerpts, sanitising, texts

MAX_READ = 8000
"""Characters of a text that are looked at: sanitisers take quadratic time for nested elements."""

MAX_SUMMARY = 300


def line(text: str, most: int) -> str:
    """The text on one line of at most so many characters, NFC, without unsafe characters."""
    read = unicodedata.normalize("NFC", texts.without_unsafe(text[:MAX_READ]))
    whole = " ".join(read.split())
    if len(whole) <= most:
        return whole
    kept = whole[: most - 1]
    before = kept.rpartition(" ")[0]
    return f"{before if len(before) > most // 2 else kept[:-1]} …"


def line_of_html(html: str, most: int) -> str:
    """The same of what a reader sees of the HTML, whatever it is."""
    return line(excerpts.plain(sanitising.clean(html[:MAX_READ])), most)
