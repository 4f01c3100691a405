"""What one build leaves for the next: one file of JSON in the cache's folder, with its own digest.

It can be deleted at any time. One that is damaged, or was left by other code, other libraries or
other settings, is nothing: everything is then made anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from townsquare.traces import Memory
from townsquare.upkeep.choices import Choices
from townsquare.upkeep.facets import Facets
from townsquare.upkeep.folder import File
from townsquare.upkeep.kept_entry import Held

FORMAT = 2


@dataclass(slots=True)
class State:
    """What the last build found and made. All is empty where there was none.

    `around` names what surrounds every page of the site, `engine` what made it: see `engine`.
    `outputs` are the site's files by path. `sums` tells which site the folder held afterwards and
    `spare` which one before; `since` names the files in which they differ.
    """

    choices: Choices = field(default_factory=Choices)
    held: dict[str, Held] = field(default_factory=dict[str, Held])
    bodies: dict[str, tuple[str, Facets]] = field(default_factory=dict[str, tuple[str, Facets]])
    structure: str = ""
    around: str = ""
    engine: str = ""
    memory: Memory = field(default_factory=Memory)
    outputs: dict[str, File] = field(default_factory=dict[str, File])
    sums: str = ""
    spare: str = ""
    since: tuple[str, ...] = ()


def load(folder: Path, name: str, engine: str) -> State:
    """The state that a build by the same engine left in this folder, else an empty one."""
    with suppress(OSError, ValueError, TypeError, KeyError, IndexError):
        sum_, _, text = (folder / name).read_bytes().partition(b"\n")
        if sum_ == _sum(text) and (data := orjson.loads(text))["engine"] == [FORMAT, engine]:
            return _read(data)
    return State()


def save(state: State, folder: Path, name: str, engine: str) -> None:
    """The next build finds this state. Where it cannot be kept, the next build costs more."""
    data = {"engine": [FORMAT, engine], **_written(state)}
    part = folder / f"{name}.part"
    # A name with half a character, as only a broken file system has, is not JSON.
    with suppress(OSError, orjson.JSONEncodeError):
        text = orjson.dumps(data, default=tuple)
        folder.mkdir(parents=True, exist_ok=True)
        part.write_bytes(_sum(text) + b"\n" + text)
        part.replace(folder / name)


def _sum(text: bytes) -> bytes:
    return sha256(text).hexdigest().encode()


def _written(state: State) -> dict[str, Any]:
    return {
        "choices": state.choices,
        "held": state.held,
        "bodies": state.bodies,
        "structure": state.structure,
        "around": state.around,
        "names": state.memory.names,
        "rows": state.memory.rows,
        "outputs": state.outputs,
        "site": [state.sums, state.spare, state.since],
    }


def _read(data: Mapping[str, Any]) -> State:
    return State(
        choices=Choices(*data["choices"]),
        held={path: Held(*row) for path, row in data["held"].items()},
        bodies=data["bodies"],
        structure=data["structure"],
        around=data["around"],
        engine=data["engine"][1],
        memory=Memory(data["names"], data["rows"]),
        outputs={path: File(*row) for path, row in data["outputs"].items()},
        sums=data["site"][0],
        spare=data["site"][1],
        since=tuple(data["site"][2]),
    )
