"""Pages that appear, change, move or go, and those that follow because they show others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from townsquare import ledger, links
from townsquare.build import Edition
from townsquare.community import Community
from townsquare.effects.records import Change, Pair, said_otherwise
from townsquare.model import Entry
from townsquare.pages import Article, Page
from townsquare.wordbook import _, moment


def changes(pair: Pair) -> Iterator[Change]:
    """Every page that readers will find otherwise, each once."""
    compared = _Compared(pair)
    for key, entry in pair.gained.items():
        yield _of("added", entry, *_until(entry), *_was_hidden(pair, key))
    renamed = _renamed(pair)
    for key, entry in pair.lost.items():
        if key not in pair.after_by_key:
            notes = [renamed[key]] if key in renamed else []
            yield _of("removed", entry, *notes, *address_left(pair, entry))
    told: set[str] = set()
    for old, new in pair.kept.values():
        otherwise = said_otherwise(old, new)
        if old.address != new.address:
            yield _of("moved", new, f"was at /{old.address}, which leads here", *otherwise)
        elif otherwise and compared.differs(old.address):
            yield _of("changed", new, *otherwise)
        elif not otherwise:
            continue
        told.add(new.address)
    of_entries = {e.address for e in (*pair.old.values(), *pair.new.values())}
    yield from _following(compared, of_entries, told)


def _following(compared: _Compared, of_entries: set[str], told: set[str]) -> Iterator[Change]:
    """Pages whose own file is as it was: lists, neighbours, credits."""
    old, new = compared.old, compared.new
    for address in sorted({*old, *new} - told):
        if address in old and address in new:
            if compared.differs(address):
                yield Change("following", "changed", new[address].title, address=address)
        elif address not in of_entries:
            how = "added" if address in new else "removed"
            yield Change("following", how, (new.get(address) or old[address]).title, "", address)


class _Compared:
    """The pages of both sides, rendered where their data do not tell that they are alike."""

    def __init__(self, pair: Pair) -> None:
        before, after = pair.before, pair.after
        self.old = {page.address: page for page in before.pages}
        self.new = {page.address: page for page in after.pages}
        self._articles = _article(before.community), _article(after.community)
        self._data_tell = before.community.settings == after.community.settings
        self._data_tell = self._data_tell and not _links_lead_elsewhere(before, after)

    def differs(self, address: str) -> bool:
        """Whether readers see anything else at this address, which both sides have."""
        old, new = self.old[address], self.new[address]
        if self._data_tell and old == new:
            return False
        before, after = self._articles
        return _head(old) != _head(new) or before.render(old) != after.render(new)


def _article(community: Community) -> Article:
    return Article(community.settings, community.addresses)


def _head(page: Page) -> Page:
    """The page without what only its article shows."""
    return replace(page, data={}, source="", order=0)


def _links_lead_elsewhere(before: Edition, after: Edition) -> bool:
    """Whether any text links to what stands elsewhere now, or did not stand anywhere.

    A link's address is not in a page's data: it is found out when the page is rendered.
    """
    old, new = (edition.community.addresses for edition in (before, after))
    files = old.files.items() ^ new.files.items()
    paths = {path for path, _at in files}
    moved = {address for _path, address in files} | ({*old.outputs()} ^ {*new.outputs()})
    linked = {*_linked(before), *_linked(after)} - {""}
    return any(path in paths or links.forms(path) & moved for path in linked)


def _linked(edition: Edition) -> Iterator[str]:
    """Every path that a text's link may mean."""
    for body in edition.community.bodies.values():
        for link in body.links:
            yield from (link.path, link.or_path)


def address_left(pair: Pair, entry: Entry[Any]) -> Iterator[str]:
    """What readers find at the address of an entry that they do not see any more."""
    outcome, address = pair.after.outcome, entry.address
    if address in outcome.redirects:
        yield _("its address leads to /%(to)s") % {"to": outcome.redirects[address]}
    elif address in pair.removed:
        yield _("its address says that the page was removed")


def _of(how: Any, entry: Entry[Any], *notes: str) -> Change:
    return Change("pages", how, entry.title, entry.kind.name, entry.address, entry.path, notes)


def _until(entry: Entry[Any]) -> Iterator[str]:
    if entry.fields.expires:
        yield _("will vanish on %(when)s") % {"when": moment(entry.fields.expires)}


def _was_hidden(pair: Pair, key: str) -> Iterator[str]:
    if key in pair.before_by_key:
        yield _("was hidden until now")


def _renamed(pair: Pair) -> dict[str, str]:
    """What an author should know who renamed a file without keeping its id, by the old key."""
    stated = {key for key, entry in pair.new.items() if entry.fields.id}
    found = ledger.renamed(
        pair.before.outcome.ledger,
        pair.after.dated.shown,
        stated=stated,
        present=pair.after_by_key.keys(),
    )
    note = _("is now /%(address)s: without `id: %(id)s` there it is new to subscribers")
    return {
        each.old_key: note % {"address": each.new.address, "id": each.old_key.partition(":")[2]}
        for each in found
    }
