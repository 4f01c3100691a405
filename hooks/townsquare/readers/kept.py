"""What stands in `data/readers/`, read and replaced as a whole: never half of a reading."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from townsquare import layout, output
from townsquare.problems import Problem, SetupError
from townsquare.readers import figures, ingested
from townsquare.readers.figures import DEFINITIONS, Figure, Figures
from townsquare.readers.ingested import Reading


class Kept(NamedTuple):
    """All figures, by month, and which files they come from."""

    months: dict[str, Figures]
    readings: list[Reading]


@contextmanager
def locked(root: Path) -> Generator[None]:
    """Nobody else changes this community's figures meanwhile."""
    layout.make_cache(root / layout.CACHE)
    with output.locked(root / layout.CACHE / "readers"):
        yield


def load(root: Path) -> Kept:
    """What is kept so far; SetupError where a file was damaged or has other definitions."""
    folder = root / figures.FOLDER
    output.recovered(folder)
    months: dict[str, Figures] = {}
    faults: list[Problem] = []
    paths = (f"{figures.FOLDER}{file.name}" for file in sorted(folder.glob("*.csv")))
    for month, path in ((figures.month_of(path), path) for path in paths):
        if month:
            found, wrong = figures.read(path, (root / path).read_bytes())
            faults += wrong
            months[month] = {figure.key: figure.number for figure in found}
            _refuse_others(path, found)
    file = root / ingested.FILE
    readings, wrong = ingested.read(file.read_bytes()) if file.exists() else ([], [])
    _refuse_faulty([*faults, *wrong])
    return Kept(months, readings)


def save(root: Path, kept: Kept) -> None:
    """The files say this; a kill at any point leaves all of them as they were, or all as they are.

    Other files in the folder stay.
    """
    folder = root / figures.FOLDER
    fresh = output.beside(folder, "new")
    shutil.rmtree(fresh, ignore_errors=True)
    if folder.exists():
        shutil.copytree(folder, fresh)
    fresh.mkdir(parents=True, exist_ok=True)
    for month, found in kept.months.items():
        told = (Figure(key, count) for key, count in found.items())
        (fresh / f"{month}.csv").write_bytes(figures.written(told))
    (fresh / Path(ingested.FILE).name).write_bytes(ingested.written(kept.readings))
    output.flush(fresh)
    if folder.exists():
        output.exchanged(fresh, folder)
        shutil.rmtree(fresh)
    else:
        fresh.rename(folder)


def by_month(found: Figures) -> dict[str, Figures]:
    """Figures by their months."""
    months: dict[str, Figures] = {}
    for key, count in found.items():
        months.setdefault(f"{key.day:%Y-%m}", {})[key] = count
    return months


def _refuse_others(path: str, found: Iterable[Figure]) -> None:
    if any(figure.definitions != DEFINITIONS for figure in found):
        raise SetupError(
            f"{path} was counted by other definitions than version {DEFINITIONS}: delete it and "
            "data/readers/ingested.csv, and read the logs again"
        )


def _refuse_faulty(faults: list[Problem]) -> None:
    if faults:
        first = faults[0]
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise SetupError(
            f"{first.place.path}:{first.place.line}: {first.message}{more}; {first.hint}"
        )
