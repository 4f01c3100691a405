"""What is wrong with the pictures of a community, each looked at once for its content."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from posixpath import splitext

from townsquare import folders, pictures
from townsquare.cache import Cache, key
from townsquare.problems import Place, Problem, problem

_ANEW = "export it again, with the ending of its type"
_PLACE_HINT = "commit it without: the repository shows the place, and remembers it"


def faults(root: Path, paths: Iterable[str]) -> Iterator[Problem]:
    """What is wrong with each of these files that is a picture."""
    for path in paths:
        ending = splitext(path)[1].lower()
        if ending in pictures.ENDINGS:
            yield from _faults(root, path, ending)


def known_faults(root: Path, digests: Mapping[str, str], cache: Cache) -> list[Problem]:
    """The same for files of these digests, by path; those that were looked at are not read."""
    whole = {path: each for path, each in digests.items() if _is_picture(path)}
    if not whole:
        return []
    parts = [part for each in sorted(whole.items()) for part in each]
    kept = cache.result(
        key("pictures", pictures.fingerprint(), *parts), lambda: _written(root, whole, cache)
    )
    return _read(kept)


def _is_picture(path: str) -> bool:
    return splitext(path)[1].lower() in pictures.ENDINGS


def _written(root: Path, digests: Mapping[str, str], cache: Cache) -> bytes:
    rows = [row for path in sorted(digests) for row in _rows(root, path, digests[path], cache)]
    return json.dumps(rows).encode()


def _rows(root: Path, path: str, digest: str, cache: Cache) -> list[list[str]]:
    ending = splitext(path)[1].lower()
    kept = cache.result(
        key("picture", pictures.fingerprint(), ending, digest),
        lambda: json.dumps([row[1:] for row in _told(_faults(root, path, ending))]).encode(),
    )
    return [[path, *row] for row in json.loads(kept)]


def _told(found: Iterable[Problem]) -> list[list[str]]:
    return [[each.place.path, each.code, each.message, each.hint] for each in found]


def _read(kept: bytes) -> list[Problem]:
    return [problem(code, Place(path), *words) for path, code, *words in json.loads(kept)]


def _faults(root: Path, path: str, ending: str) -> Iterator[Problem]:
    try:
        found = pictures.read((root / path).read_bytes(), ending)
    except OSError as error:
        yield folders.unreadable(path, error)
    except pictures.NoPicture as fault:
        yield problem("picture_invalid", Place(path), str(fault), _ANEW)
    else:
        if found.located:
            message = "the picture tells where it was taken"
            yield problem("picture_located", Place(path), message, _PLACE_HINT)
