"""Plain text and links as Markdown, in which no character of the text means anything.

CommonMark 0.31: a backslash takes the meaning from any ASCII punctuation (§2.4), and a link's
destination may stand between `<` and `>` (§6.3).
"""

from __future__ import annotations

import re
from urllib.parse import quote

_ANYWHERE = re.compile(r"([\\`*_\[\]<>{}#|~&$^@!])")
_AT_THE_START = re.compile(r"^(\d*)([.)+\-=:])")
# Forges make links of addresses that nobody marked as such.
_ADDRESSES = re.compile(r"(?i)\b(https?|ftp)(?=://)|\b(www)(?=\.)")
_SAFE = "%/:?#[]@!$&'()*+,;=~"


def escaped(text: str) -> str:
    """The text on one line, as it is read."""
    line = _ANYWHERE.sub(r"\\\1", " ".join(text.split()))
    return _ADDRESSES.sub(r"\g<0>\\", _AT_THE_START.sub(r"\1\\\2", line))


def link(text: str, url: str) -> str:
    """A link to a whole address."""
    return f"[{escaped(text)}](<{quote(url, safe=_SAFE)}>)"
