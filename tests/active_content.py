"""Finds what could act in a reader's browser, by html5lib's parser and rules of its own."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import html5lib


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ACTIVE = _words(
    "applet audio base body button canvas dialog embed form frame frameset head html iframe link "
    "math meta noembed noframes noscript object option param picture plaintext portal script "
    "select slot source style svg template textarea title track video xmp"
)
ADDRESSES = _words(
    "action background cite classid codebase data dynsrc formaction href longdesc lowsrc manifest "
    "ping poster profile src srcset usemap xlink:href"
)
SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def active(html: str) -> list[str]:
    """What could act, once as the page is parsed and once more as its copy would be (mXSS)."""
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    copy = html5lib.serialize(tree, tree="etree", quote_attr_values="always", sanitize=False)
    again = html5lib.parseFragment(copy, treebuilder="etree", namespaceHTMLElements=False)
    return [*_faults(tree), *_faults(again)]


def _faults(tree: ElementTree.Element) -> Iterator[str]:
    for element in list(tree.iter())[1:]:
        name: Any = element.tag
        if not isinstance(name, str):
            yield "a comment"
        elif name.lower() in ACTIVE or not re.fullmatch("[a-z][a-z0-9]*", name):
            yield f"<{name}>"
        else:
            yield from _attributes(name, element.attrib)


def _attributes(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    for name, value in attributes.items():
        low = str(name).lower()
        if low.startswith("on") or low in (
            "srcdoc",
            "is",
            "autofocus",
            "contenteditable",
            "target",
        ):
            yield f"{tag} {name}={value!r}"
        if low == "style" and not re.fullmatch("text-align: ?(left|right|center);?", value):
            yield f"{tag} style={value!r}"
        if low in ADDRESSES and scheme_of(value) not in SCHEMES | {""}:
            yield f"{tag} {name}={value!r}"
        if low in ("id", "name", "for") and re.match(r"_(?!_tabbed_[0-9a-f]{8}_\d)", value):
            yield f"{tag} {name}={value!r}"
        if low == "name" and tag != "input":
            yield f"{tag} {name}={value!r}"


def scheme_of(address: str) -> str:
    """As the URL standard's basic parser finds it: blanks and controls around and tabs go."""
    trimmed = re.sub("[\t\n\r]", "", address.strip("".join(map(chr, range(0x21)))))
    found = re.match(r"([A-Za-z][A-Za-z0-9+.\-]*):", trimmed)
    return found[1].lower() if found else ""
