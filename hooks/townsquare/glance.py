"""What a body could link to, told at a glance, or that only converting it tells.

Converting takes a hundred times longer than a look at the few marks without which a body has no
fault. More is found here than by converting: an address in code, or one that is defined and never
used, is among it, which costs a conversion and hides nothing. Whatever is not plain Markdown (raw
HTML, titles of links, attributes in `{ … }`) is left to the conversion.
"""

from __future__ import annotations

import re

from townsquare import complexity, links
from townsquare.bodies import Body, Link
from townsquare.spots import Spot

# A path in which nothing means anything else to Markdown, to HTML or in an address.
_PATH = r"(?!//)[\w./#%-]+"
_AWAY = r"(?:https?://|mailto:|tel:)"
_INLINE = re.compile(rf"\]\((?:{_AWAY}|({_PATH})\))")
_DEFINED = re.compile(rf"\]:[ \t]*(?:{_AWAY}|({_PATH})(?!\S))")
# Its text begins with a letter, so that there is a description, and has nothing in it that could
# move its end: no code, bracket, escape or key, and no line that could begin another block.
_IMAGE = re.compile(rf"!\[[^\W_](?:[^][\\`+<\n]|\n(?=[^\W_]))*\]\(({_PATH})\)")
# On a line of its own: beside other HTML, Python-Markdown joins what stands around a comment.
_MORE = re.compile(r"<!--(?<![^\n]<!--)[ \t]*[Mm][Oo][Rr][Ee][ \t]*-->[ \t]*(?![^\n])")
_MARKED = (("![", _IMAGE), ("](", _INLINE), ("]:", _DEFINED))
_AUTOMATIC = re.compile(r"<https?://[\w./:#%?&=+~-]*>")
_IN_TAG = re.compile(r"(?:href|src)[ \t]*=", re.IGNORECASE)
_FENCES = (re.compile(r"```+(.*)"), re.compile(r"~~~+(.*)"))
_LANGUAGE = re.compile(r"[ \t]*[\w+#.-]*[ \t]*")
_ADDRESSED = re.compile(r"\{[^\n]*?(?:href|src|alt)", re.IGNORECASE)
_HANDLER = re.compile(r"(?:\b(?:on[a-z]+|srcdoc|formaction)|[a-z]{30})\Z", re.IGNORECASE)
_CONTROLS = bytes({*range(32), 127} - {*b"\n\t"})
# Blanks, joiners and marks of direction that are no faults, though Python would not print them.
_HARMLESS = dict.fromkeys(map(ord, "\n\t\xa0\xad\u2009\u200b\u200c\u200d\u200e\u200f\u202f\u3000"))
# pymdown-extensions 12 raises IndexError for some texts, such as `*^***^a`, in which one of these
# comes again.
_RAISED = re.compile(r"\^[^^]+\^|~[^~]+~")
_NOWHERE = Spot(1, 1, 1)


def imagined(text: str, path: str) -> Body | None:
    """The body of the file `path` with all links that it could have; none if conversion must tell.

    A body that can be imagined has no refusal, nothing is taken out of it, and its links are among
    those imagined. If checks find no fault in these, they find none in the body itself.
    """
    if not _is_plain(text):
        return None
    found: list[Link] = []
    for mark, pattern in _MARKED:
        marks = text.count(mark)
        typed = pattern.findall(text) if marks else ()
        if len(typed) != marks:
            return None
        found += [_link(raw, path, is_image=mark == "![") for raw in typed if raw]
    return Body(links=tuple(found))


def _link(raw: str, path: str, *, is_image: bool) -> Link:
    """A link into the repository; behind an escaped `!` what looks like an image is one too."""
    where, or_where, fragment = links.meant(raw, path)
    return Link(raw, where, "" if is_image else or_where, fragment, is_image, raw, _NOWHERE)


def _is_plain(text: str) -> bool:
    """Whether the text surely converts, and to nothing that sanitising takes away."""
    return (
        complexity.surely_fits(text)
        and ("<" not in text or _tags_are_plain(text))
        and _is_ordinary(text)
        and not ("{" in text and _ADDRESSED.search(text))
        and not ("=" in text and _may_hold_handlers(text))
        and not (("^" in text or "~" in text) and _RAISED.search(text))
        and _fences_are_plain(text)
    )


def _tags_are_plain(text: str) -> bool:
    """Whether each `<` begins a more-mark or the address of another site."""
    more, automatic = (len(pattern.findall(text)) for pattern in (_MORE, _AUTOMATIC))
    # Beside any tag, what looks like an attribute counts as one, wherever it stands.
    alone = not automatic or not _IN_TAG.search(text)
    return alone and more + automatic == text.count("<")


def _is_ordinary(text: str) -> bool:
    """Whether the text surely holds no control, noncharacter or mark that reorders it."""
    if text.isascii():
        data = text.encode()
        return len(data.translate(None, _CONTROLS)) == len(data)
    bare = text.replace("\n", "").replace("\t", "")
    return bare.isprintable() or bare.translate(_HARMLESS).isprintable()


def _may_hold_handlers(text: str) -> bool:
    """Whether a word before a `=` could be taken for an event handler, wherever it stands."""
    before = text.split("=")[:-1]
    return any(_HANDLER.search(each.rstrip()[-30:]) for each in before)


def _fences_are_plain(text: str) -> bool:
    """Whether at most a language is told of any code: options can be wrong, or can be a title."""
    told = (each for pattern in _FENCES for each in pattern.findall(text))
    return all(map(_LANGUAGE.fullmatch, told))
