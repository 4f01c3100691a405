"""What entries name: other entries, people, partners and tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from townsquare.checks.context import Context
from townsquare.fields import Referred
from townsquare.kinds import kind_named
from townsquare.library import Library
from townsquare.model import Entry, State
from townsquare.problems import Problem, did_you_mean, problem

ALTERNATIVES = " or "
"""Joins the kinds of a reference that may lead to either: `person or partner`."""


def reference_unknown(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Names of entries that do not exist, hidden ones counted as existing."""
    for named in context.named(entry):
        if not _is_known(context.library, named):
            message = f"no {named.kind} is called `{named.id}`"
            place = entry.place(*named.loc)
            yield problem("reference_unknown", place, message, _hint(context.library, named))


def reference_hidden(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Entries that readers see and that name one they do not see.

    Who is not listed stays a name by their own wish, so naming them is no fault.
    """
    library = context.library
    for named in context.named(entry) if library.shown(entry) else ():
        for target in _found(library, named)[:1]:
            state = library.states[target.key]
            if state is not State.CURRENT:
                what = f"the {target.kind.name} `{named.id}`"
                message = f"{what} is not shown: it is {_why(state)}"
                hint = f"publish {target.path}, or take the name away"
                yield problem("reference_hidden", entry.place(*named.loc), message, hint)


def tag_unknown(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Tags that content/tags.yml does not list, where there is such a list."""
    library = context.library
    if not library.lists_tags():
        return
    for number, word in enumerate(entry.fields.tags):
        if library.tag(word) is None:
            known = (each for slug, tag in library.tags.items() for each in (slug, *tag.words))
            hint = did_you_mean(word, known) + "New tags go in content/tags.yml"
            place = entry.place("tags", number)
            yield problem("tag_unknown", place, f"no tag is called `{word}`", hint)


def _found(library: Library, named: Referred) -> list[Entry[Any]]:
    found = (library.find(kind, named.id) for kind in named.kind.split(ALTERNATIVES))
    return [entry for entry in found if entry]


def _is_known(library: Library, named: Referred) -> bool:
    return any(library.may_hold(kind, named.id) for kind in named.kind.split(ALTERNATIVES))


def _hint(library: Library, named: Referred) -> str:
    kinds = named.kind.split(ALTERNATIVES)
    known = [entry.id for entry in library.of_kinds(kinds)]
    folders = ALTERNATIVES.join(f"{kind_named(kind).folder}/" for kind in kinds)
    return did_you_mean(named.id, known) + f"A new {named.kind} goes in {folders}"


def _why(state: State) -> str:
    return {State.DRAFT: "a draft", State.SCHEDULED: "hidden until its date"}.get(state, "expired")
