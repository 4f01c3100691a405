"""The one place where HTML becomes safe: an allow-list, applied once, at conversion.

Everything that is published reads the result, so nothing else needs to sanitise bodies.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nh3 import Cleaner


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SCHEMES = frozenset({"http", "https", "mailto", "tel"})
TAGS = _words(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt "
    "em figcaption figure h1 h2 h3 h4 h5 h6 hr i img input ins kbd label li mark ol p pre q rp rt "
    "ruby s samp small span strong sub summary sup table tbody td tfoot th thead time tr u ul var "
    "wbr"
)
# Their text is no text for readers, or is parsed by other rules than HTML's (mutation XSS).
DROPPED_WHOLE = _words(
    "iframe math noembed noframes noscript object plaintext script select style svg template "
    "textarea title xmp"
)
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"dir", "id", "lang", "title"},
    "a": {"href", "name"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"datetime"},
    "details": {"open"},
    "div": {"data-tabs"},
    "img": {"alt", "height", "src", "width"},
    "input": {"checked", "id", "name", "type"},
    "ins": {"datetime"},
    "label": {"for"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "span": {"data-linenos"},
    "td": {"colspan", "rowspan", "style"},
    "th": {"colspan", "rowspan", "scope", "style"},
    "time": {"datetime"},
}
_BOX = _words(
    "abstract attention bug caution danger error example failure hint important info note "
    "question quote success tip warning inline end"
)
_CLASSES: dict[str, set[str] | frozenset[str]] = {
    "a": {"footnote-backref", "footnote-ref", "md-button", "md-button--primary"},
    "code": {"highlight"},
    "details": _BOX,
    "div": _BOX
    | _words(
        "admonition annotate arithmatex cards footnote grid highlight tabbed-alternate "
        "tabbed-block tabbed-content tabbed-labels tabbed-set"
    ),
    "hr": {"more"},
    "label": {"task-list-control"},
    "li": {"task-list-item"},
    "ol": {"annotate"},
    "p": {"admonition-title", "annotate"},
    "ul": {"task-list"},
}
_SPANS = {"arithmatex", "filename", "hll", "keys", "linenos", "special", "task-list-indicator"}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)", re.IGNORECASE)
_IGNORED_IN_URLS = re.compile(r"[\x00-\x20]+")


def clean(html: str) -> str:
    """The HTML with nothing in it that could act, well-formed, attributes in double quotes.

    Lone `<`, `>` and `&` are escaped in text and in attributes, so a tag can be found by its `<`.
    """
    return _cleaner().clean(html)


@cache
def _cleaner() -> Cleaner:
    from nh3 import Cleaner
    from pygments.token import STANDARD_TYPES
    from pymdownx.keymap_db import keymap  # pyright: ignore[reportMissingTypeStubs]

    keys = {f"key-{name}" for name in keymap}
    shades = {short for short in STANDARD_TYPES.values() if short}
    classes = _CLASSES | {"kbd": keys, "span": shades | _SPANS}
    return Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(DROPPED_WHOLE),
        attributes=ATTRIBUTES,
        tag_attribute_values={"img": {"align": {"left", "right"}}},
        allowed_classes={tag: set(names) for tag, names in classes.items()},
        filter_style_properties={"text-align"},
        url_schemes=set(SCHEMES),
        link_rel=None,
        strip_comments=True,
    )


def scheme(address: str) -> str:
    """The address's scheme as a browser reads it, which skips blanks and controls, or nothing."""
    found = _SCHEME.match(_IGNORED_IN_URLS.sub("", address))
    return found[0].lower() if found else ""
