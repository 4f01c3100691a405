"""Addresses that two sources claim."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from townsquare.checks.context import Context
from townsquare.model import address_of
from townsquare.patterns import pattern
from townsquare.problems import Place, Problem, problem

_LISTS = pattern(
    r"(?:blog|people|partners|onboarding|tags|subscribe|reference|events|guidelines"
    r"|blog/archive|partners/news|events/past|events/months|guidelines/transparency)/"
)
"""Lists that the site makes; a page of the same address gives its list title and introduction."""

_PARTS = pattern(
    r"search/|blog/(?:page/\d+|archive/\d{4}|series/[^/]+)/|tags/[^/]+/|reference/[^/]+/"
    r"|events/(?:months/\d{4}-\d{2}|series/[^/]+)/|guidelines/(?:[^/]+/)+history/"
    r"|rss\.xml|atom\.xml|feed\.json|podcast\.xml|events\.ics|ledger\.json|build\.json"
    r"|sitemap\.xml|robots\.txt|404\.html|SHA256SUMS|(?:feeds|calendars|api|schemas|pagefind)/.*",
    re.IGNORECASE,
)
"""What else the site makes: parts of lists, feeds, calendars and data."""

_README = pattern(r"/readme\.md$", re.IGNORECASE)


def duplicate_address(context: Context) -> Iterator[Problem]:
    """Two sources of one address: files, or a file and what the site itself puts there.

    Addresses are compared as the least exact file system does: NFC and case folded. README.md is
    its folder's index to forges and to MkDocs.
    """
    seen: dict[str, str] = {}
    for path, address in _claims(context):
        hint = "rename one of the two files"
        if first := seen.get(_file(address)):
            message = f"`/{address}` is the address of {first} already"
            yield problem("duplicate_address", Place(path), message, hint)
        elif made := _made(address, intro=_is_page(context, path)):
            message = f"`/{address}` is the address of {made}"
            yield problem("duplicate_address", Place(path), message, "rename the file")
        seen.setdefault(_file(address), path)


def alias_taken(context: Context) -> Iterator[Problem]:
    """Old addresses that cannot redirect, because something else stands there."""
    taken = {_file(address): path for path, address in _claims(context)}
    for entry in context.library.entries:
        for number, alias in enumerate(entry.fields.aliases):
            owner = taken.get(_file(alias)) or _made(alias, intro=False)
            if owner:
                whose = "this file itself" if owner == entry.path else owner
                message = f"`/{alias}` is the address of {whose}"
                place = entry.place("aliases", number)
                yield problem("alias_taken", place, message, "take the alias away")
            taken[_file(alias)] = f"{entry.path}, as an alias,"


def folded(address: str) -> str:
    """The address as file systems that ignore case and composition compare it."""
    return unicodedata.normalize("NFC", address).casefold()


def _file(address: str) -> str:
    """What a file and a folder of one name share: a folder cannot stand where a file does."""
    return folded(address).rstrip("/")


def _claims(context: Context) -> Iterator[tuple[str, str]]:
    """Each file with the address that it asks for, by path; pages before other files."""
    for entry in sorted(context.library.entries, key=lambda entry: entry.path):
        yield entry.path, address_of(_README.sub("/index.md", entry.path))
    for path, asset in sorted(context.library.assets.items()):
        yield path, asset.address


def _is_page(context: Context, path: str) -> bool:
    entry = context.library.by_path.get(path)
    return entry is not None and entry.kind.name == "page"


def _made(address: str, *, intro: bool) -> str:
    """What the site makes at this address; nothing where a page may introduce it."""
    names = address.rstrip("/").split("/")
    above = ("/".join(names[: n + 1]) for n in range(len(names)))
    if any(map(_PARTS.fullmatch, above)) or "index.html" in map(str.casefold, names):
        return "a page or file that the site makes itself"
    if _PARTS.fullmatch(address) or (_LISTS.fullmatch(address) and not intro):
        return "a page or file that the site makes itself"
    return ""
