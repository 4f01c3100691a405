"""A digest as e-mail's HTML, as plain text and as Markdown, each of bounded size.

HTML: styles stand in elements, because many mail programs drop `<style>`; what stands there besides
serves dark schemes alone. Gmail cuts messages off at 102 KB.
Text: 72 columns, and no line that a reader of RFC 3676 (`format=flowed`) would take for another's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace

from townsquare.digest.records import Digest, Item, Section
from townsquare.formats.text import visible
from townsquare.markdown_text import escaped, link
from townsquare.pages import FOLDERS
from townsquare.values import value
from townsquare.wordbook import _

MAX_BYTES = 100_000
COLUMNS = 72
_MOST = (40, 20, 10, 5, 2, 1, 0)
"""How many items of a section are told: the first of these numbers with which all fits."""


@value
class Told:
    """A section cut to length; `more` says how many items were left out, or nothing."""

    section: Section
    items: tuple[Item, ...]
    more: str


def written(digest: Digest, form: str) -> str:
    """The digest in one of `FORMS`, in less than 100,000 bytes of UTF-8."""
    for most in _MOST[:-1]:
        text = FORMS[form](digest, _cut(digest, most))
        if len(text.encode()) < MAX_BYTES:
            return text
    return FORMS[form](digest, _cut(digest, _MOST[-1]))


def _cut(digest: Digest, most: int) -> list[Told]:
    return [_told(section, most) for section in digest.sections]


def _told(section: Section, most: int) -> Told:
    items = tuple(_readable(item) for item in section.items[:most])
    left = len(section.items) - len(items)
    return Told(section, items, _("and %(num)s more") % {"num": f"{left:,}"} if left else "")


def _readable(item: Item) -> Item:
    """The item without what would reorder or break lines."""
    facts = tuple(map(visible, item.facts))
    label, title, text = (visible(each) for each in (item.label, item.title, item.text))
    return replace(item, title=title, label=label, facts=facts, text=text)


def heading(digest: Digest) -> str:
    """`Townsquare Commons: Thursday 1 – Saturday 31 October 2026`."""
    words = {"site": digest.site, "period": digest.period.in_words()}
    return visible(_("%(site)s: %(period)s") % words)


def as_html(digest: Digest, told: list[Told]) -> str:
    """A whole document for the body of an e-mail."""
    from townsquare.templating import environment

    template = environment(FOLDERS).get_template("digest.html")
    return template.render(digest=digest, title=heading(digest), sections=told)


def as_markdown(digest: Digest, told: list[Told]) -> str:
    """Markdown in which nothing that authors wrote means anything."""
    lines = [f"# {escaped(heading(digest))}"]
    for each in told:
        lines += ["", f"## {escaped(each.section.title)}", ""]
        for item in each.items:
            lines += _marked(item)
        if each.more:
            lines.append(f"- {link(each.more, each.section.url)}")
    lines += ["", *([_nothing()] if not told else []), "", _marked_ways(digest)]
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


def _marked(item: Item) -> Iterator[str]:
    title = link(item.title, item.url) if item.url else escaped(item.title)
    label = f"**{escaped(item.label)}** · " if item.label else ""
    facts = "".join(f" · {escaped(fact)}" for fact in item.facts)
    yield f"- {label}**{title}**{facts}" + ("\\" if item.text else "")
    if item.text:
        yield f"  {escaped(item.text)}"


def _marked_ways(digest: Digest) -> str:
    return f"{link(digest.site, digest.home)} · {link(_('Subscribe'), digest.subscribe)}"


def as_text(digest: Digest, told: list[Told]) -> str:
    """Plain text for people and for the plain part of an e-mail."""
    parts = [_underlined(heading(digest), "=")]
    for each in told:
        parts.append(_underlined(each.section.title, "-"))
        parts += [_plain(item) for item in each.items]
        if each.more:
            parts.append(f"{_wrapped(f'* {each.more}')}\n{each.section.url}")
    parts += [] if told else [_wrapped(_nothing())]
    parts.append(f"{digest.home}\n{_('Subscribe')}: {digest.subscribe}")
    return "\n\n".join(parts) + "\n"


def _plain(item: Item) -> str:
    """An item as lines; an address has a line of its own, which nothing breaks."""
    label = f"[{item.label}] " if item.label else ""
    lines = [_wrapped(f"* {label}{item.title}"), *map(_wrapped, item.facts)]
    lines += [_wrapped(item.text)] if item.text else []
    return "\n".join([*lines, *([item.url] if item.url else [])])


def _underlined(text: str, mark: str) -> str:
    lines = _wrapped(text)
    return f"{lines}\n{mark * max(_columns(line) for line in lines.splitlines())}"


def _wrapped(text: str) -> str:
    """The text in lines of at most 72 columns; only a longer word makes a longer line."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if _columns(longer) <= COLUMNS or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(_stuffed(line) for line in lines)


def _stuffed(line: str) -> str:
    """The line as RFC 3676 §4.4 sends it where its beginning means something in mail."""
    return f" {line}" if line.startswith((">", "From ")) or line == "--" else line


def _columns(text: str) -> int:
    """How many columns a terminal needs for it."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _nothing() -> str:
    return _("Nothing new in this period.")


FORMS: dict[str, Callable[[Digest, list[Told]], str]] = {
    "html": as_html,
    "text": as_text,
    "markdown": as_markdown,
}
