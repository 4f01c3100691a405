"""What one build leaves for the next, of which each reads what it needs.

It can be deleted at any time. One that is damaged, or was left by other code, other libraries or
other settings, is nothing: everything is then made anew.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from townsquare.memory import Damaged, Memory
from townsquare.upkeep import parts
from townsquare.upkeep.choices import Choices
from townsquare.upkeep.folder import File
from townsquare.upkeep.kept_entry import Held, Said
from townsquare.upkeep.parts import Parts
from townsquare.upkeep.records import Records

FORMAT = 4


class Site(NamedTuple):
    """What was left in the site's folder.

    `outputs` are its files by path, `makings` the nodes that made them. `around` names what
    surrounds every page; `in_nav` and `unlisted` are the addresses of pages that stand in the
    navigation, and of those that crawlers are not told of. `sums` tells which site the folder held
    and `spare` which one before; `since` names the files in which they differ.
    """

    outputs: dict[str, File]
    makings: dict[str, str]
    around: str = ""
    in_nav: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    sums: str = ""
    spare: str = ""
    since: tuple[str, ...] = ()


def _said(read: Callable[[str], bytes] | None = None) -> Records[Said]:
    return Records("said", lambda row: Said(*row), read)


def _shown(read: Callable[[str], bytes] | None = None) -> Records[dict[str, str]]:
    return Records("shown", dict[str, str], read)


@dataclass(slots=True)
class State:
    """What the last build found and made. All is empty where there was none.

    `held` tells which text each file is, and `said` what an entry's text says. `shown` is what is
    looked up by name, and `structure` its digest. `told` are the faults that checks found, by what
    was checked. `engine` names what made all this: see `engine`. `kept` is where it stands.
    """

    choices: Choices = field(default_factory=Choices)
    held: dict[str, Held] = field(default_factory=dict[str, Held])
    said: Records[Said] = field(default_factory=_said)
    structure: str = ""
    shown: Records[dict[str, str]] = field(default_factory=_shown)
    told: dict[str, str] = field(default_factory=dict[str, str])
    engine: str = ""
    memory: Memory = field(default_factory=Memory)
    site: Site = field(default_factory=lambda: Site({}, {}))
    kept: Parts | None = None

    def close(self) -> None:
        """Nothing more of it is read."""
        if self.kept:
            self.kept.close()


def load(folder: Path, name: str, engine: str) -> State:
    """The state that a build by the same engine left in this folder, else an empty one."""
    with suppress(Damaged, ValueError, TypeError, KeyError):
        kept = Parts(folder / name)
        head = orjson.loads(kept.root)
        if head["engine"] == _signed(engine):
            return _read(kept, head, engine)
        kept.close()
    return State()


def save(state: State, folder: Path, name: str) -> None:
    """The next build finds this state. Where it cannot be kept, the next build costs more."""
    # A name with half a character, as only a broken file system has, is not JSON.
    with suppress(OSError, sqlite3.Error, orjson.JSONEncodeError, UnicodeError):
        if state.kept:
            state.kept.write(_written(state))
        else:
            parts.create(folder / name, _written(state))


def _signed(engine: str) -> list[Any]:
    return [FORMAT, sys.byteorder, engine]


def _written(state: State) -> Iterator[tuple[str, bytes | None]]:
    yield from state.said.written()
    yield from state.shown.written()
    yield from state.memory.written()
    dumps = partial(orjson.dumps, default=tuple)
    for name in ("held", "told", "site"):
        yield name, dumps(getattr(state, name))
    head = {
        "engine": _signed(state.engine),
        "choices": state.choices,
        "structure": state.structure,
        "memory": state.memory.outline(),
    }
    yield parts.ROOT, dumps(head)


def _read(kept: Parts, head: dict[str, Any], engine: str) -> State:
    held, told, site = (orjson.loads(kept.read(name)) for name in ("held", "told", "site"))
    outputs = {path: File(*row) for path, row in site[0].items()}
    return State(
        choices=Choices(*head["choices"]),
        held={path: Held(*row) for path, row in held.items()},
        said=_said(kept.read),
        structure=head["structure"],
        shown=_shown(kept.read),
        told=told,
        engine=engine,
        memory=Memory(kept.read, head["memory"]),
        site=Site(outputs, *site[1:]),
        kept=kept,
    )
