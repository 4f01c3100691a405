"""Ways to reach private persons, which a public text should not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from townsquare.checks.context import Context
from townsquare.checks.words import Body, each_once, without_addresses
from townsquare.fields import Loc
from townsquare.model import Entry
from townsquare.patterns import pattern
from townsquare.problems import Place, Problem, problem
from townsquare.spots import without_code

_MAIL = pattern(r"(?<![\w.+/@%-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?![\w@-])")
_CALLING = ("tel", "fax", "phone", "telephone", "telefon", "handy", "mobil", "mobile", "whatsapp")
# E.164 has up to 15 digits after the `+`; without one, a word must say that it is a number to call.
_PHONE = pattern(
    r"(?<![\w/.=&+-])\+[1-9](?:[ ./()-]{0,2}[0-9]){7,14}(?!\w)"
    rf"|(?i:\b(?:{'|'.join(_CALLING)})\b)"
    r"[.: ]{1,3}(?!\d{4}-\d\d-\d\d)(?P<number>\(?[0-9](?:[ /()-]{0,3}[0-9]){5,13})(?!\w)"
)
# Without one of these there is no number, which is found out faster than a pattern finds none.
_CALLED = ("+", "tel", "fax", "phone", "handy", "mobil", "whatsapp")
_MAY_CALL = pattern(r"\+[1-9]|[a-z][.: ]{1,3}\(?[0-9](?:[ /()-]{0,3}[0-9]){5}")
_DIAL_IN = pattern("dial|einw(?:a|ä)hl", re.IGNORECASE)
_NEAR = 80
# Words in the names of mailboxes that belong to a task (RFC 2142, and what is customary), and hosts
# that belong to nobody (RFC 2606, RFC 6761).
_ROLES = frozenset(
    (
        *("abuse", "admin", "board", "community", "conduct", "contact", "council", "editors"),
        *("events", "feedback", "foundation", "git", "group", "hello", "help", "hostmaster"),
        *("info", "jobs", "legal", "list", "maintainers", "marketing", "moderation", "moderators"),
        *("news", "noc", "noreply", "office", "postmaster", "press", "privacy", "reply", "sales"),
        *("security", "support", "survey", "team", "webmaster", "www"),
    )
)
_NOBODYS = pattern(r"(?:^|[.@])example\.(?:com|net|org)$|\.(?:example|test|invalid|localhost)$")
# What a person commits under is needed to merge names, and is published nowhere.
_UNPUBLISHED = ("git",)
_LINKS = ("mailto:", "tel:", "http:", "https:")


def contact_private(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """E-mail addresses and telephone numbers in prose or in fields that are no contact.

    Passed over are mailboxes of a role, numbers to dial into a call, code, what stands in a contact
    of the same file, and what the settings name under `public_contacts`.
    """
    all_ = list(_found(entry))
    public = (*context.settings.public_contacts, *_contacts(entry)) if all_ else ()
    known = frozenset(map(_bare, public))
    found = (each for each in all_ if not _is_public(each[0], known))
    for word, place, more in each_once(found):
        what = "an e-mail address" if "@" in word else "a telephone number"
        message = f"{what} stands here for everybody to read{more}"
        hint = "name a role's contact instead; if it is one, list it under `public_contacts`"
        yield problem("contact_private", place, message, hint)


def _found(entry: Entry[Any]) -> Iterator[tuple[str, Place]]:
    for loc, text in _strings(entry.source.front):
        if loc[0] not in _UNPUBLISHED and not text.startswith(_LINKS):
            yield from ((each, entry.place(*loc)) for each, _, _ in _contacts_in(text))
    body = Body(entry)
    for text, start, end in _contacts_in(body.text):
        yield text, body.place(start, end)


def _contacts_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Each address and number of a text, and where it begins and ends."""
    lowered = text.lower()
    called = any(word in lowered for word in _CALLED)
    mails, phones = "@" in text, called and _MAY_CALL.search(lowered)
    prose = without_addresses(without_code(text)) if mails or phones else ""
    for found in _MAIL.finditer(prose) if mails else ():
        yield found[0], *found.span()
    for found in _PHONE.finditer(prose) if phones else ():
        before = prose[max(0, found.start() - _NEAR) : found.start()]
        if not _DIAL_IN.search(before.rpartition("\n")[2]):
            group = "number" if found["number"] else 0
            yield found[group], *found.span(group)


def _contacts(entry: Entry[Any]) -> Iterator[str]:
    for _, text in _strings(entry.source.front):
        if text.startswith(("mailto:", "tel:")):
            yield text.partition(":")[2].partition("?")[0]


def _is_public(contact: str, known: frozenset[str]) -> bool:
    name, _, host = contact.lower().partition("@")
    if not host:
        return _bare(contact) in known
    listed = bool({contact.lower(), f"@{host}"} & known)
    return listed or not _ROLES.isdisjoint(re.split("[._-]", name)) or bool(_NOBODYS.search(host))


def _bare(contact: str) -> str:
    """An address in small letters, or a number's digits."""
    return contact.lower() if "@" in contact else re.sub(r"\D", "", contact)


def _strings(value: Any, at: Loc = ()) -> Iterator[tuple[Loc, str]]:
    """Every text of a front matter, and where it stands."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, each in cast("dict[str, Any]", value).items():
            yield from _strings(each, (*at, key))
    elif isinstance(value, list):
        for number, each in enumerate(cast("list[Any]", value)):
            yield from _strings(each, (*at, number))
