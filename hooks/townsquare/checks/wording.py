"""How a text speaks: words that have a kinder one, titles that shout, nothing said at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from townsquare.checks.context import Context
from townsquare.checks.words import Body, each_once, own_words
from townsquare.kinds.former import Former
from townsquare.kinds.guideline import Guideline
from townsquare.kinds.partner import Partner
from townsquare.kinds.person import Person
from townsquare.model import Entry
from townsquare.problems import Place, Problem, problem

# The fields that are read beside the body.
_READ = ("title", "description")
# One or two words in capitals are a name, such as a conference's; short ones are abbreviations.
_WORDS, _LETTERS, _CAPITALS = 3, 4, 0.7
# How a new file begins, whatever its kind, see `new`.
_UNWRITTEN = re.compile("Write here[.,]")


def unkind_word(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Words for which the settings know a kinder one; each once.

    Code and quotations are passed over, and rules, which name the words that they ask not to use.
    The words are of the site's language.
    """
    kinder = context.settings.kinder_words
    if isinstance(entry.fields, Guideline | Former) or not kinder or not _is_ours(context, entry):
        return
    words = tuple(word for word in kinder if word.strip())
    for word, place, more in each_once(_said(entry, words) if words else ()):
        other = next(kinder[each] for each in kinder if _pattern((each,)).fullmatch(word))
        yield problem("unkind_word", place, f"“{word}” has a kinder word{more}", f"try: {other}")


def title_shouts(_context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Titles of which most letters are capitals. Names are written as their bearers write them."""
    if isinstance(entry.fields, Former | Partner | Person):
        return
    letters = [letter for letter in entry.title if letter.lower() != letter.upper()]
    capitals = sum(letter.isupper() for letter in letters)
    loud = [w for w in re.findall(r"[^\W\d_]+", entry.title) if w.isupper() and len(w) >= _LETTERS]
    if len(loud) >= _WORDS and capitals > _CAPITALS * len(letters):
        message = "most of the title is written in capitals, which reads as shouting"
        hint = "write it as in a sentence"
        yield problem("title_shouts", entry.place("title"), message, hint)


def placeholder_left(_context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """What a new file says in place of its text, in one that is no draft; told once."""
    begun, body = entry.kind.body_template.strip(), entry.source.body
    # Almost every text holds neither: only the others are taken apart into lines.
    if not (begun in body or "Write here" in body) or entry.fields.draft:
        return
    for number, line in enumerate(body.splitlines()):
        if line == begun or _UNWRITTEN.match(line):
            place = Place(entry.path, entry.source.body_line + number, 1, len(line))
            message = "nobody has written the text yet, and readers would get this line"
            hint = "write it, or add `draft: yes` until it is written"
            yield problem("placeholder_left", place, message, hint)
            return


def _is_ours(context: Context, entry: Entry[Any]) -> bool:
    language = entry.fields.language or context.settings.language
    return language.partition("-")[0] == context.settings.language.partition("-")[0]


def _said(entry: Entry[Any], words: tuple[str, ...]) -> Iterator[tuple[str, Place]]:
    """Each such word of the title, the description and the body, and where it stands."""
    front, pattern = entry.source.front, _pattern(words)
    for name in _READ:
        text = str(front.get(name, ""))
        for found in pattern.finditer(own_words(text)) if _may_hold(text, words) else ():
            yield found[0], entry.place(name)
    # Most texts hold none: looking for each word as it stands takes a hundredth of the time.
    if _may_hold(entry.source.body, words):
        body = Body(entry)
        for found in pattern.finditer(own_words(body.text)):
            yield found[0], body.place(*found.span())


def _may_hold(text: str, words: tuple[str, ...]) -> bool:
    lowered = text.lower()
    return any(word.lower().split()[0] in lowered for word in words)


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    forms = sorted((r"\s+".join(map(re.escape, word.split())) for word in words), key=len)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(reversed(forms))})s?(?![\w-])", re.IGNORECASE)
