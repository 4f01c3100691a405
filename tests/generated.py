"""Files as nobody writes them: those of the sample, damaged, and others made up from nothing."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

SAMPLE = Path(__file__).parents[1]
TOKENS = [
    *"\t\r\n\0\x08\x1b\x7f\u00a0\u200b\u2028\u202e\ufeff\ufffe\U0001f600",
    *("---", "---\n", "...", "- ", "? ", ": ", "# ", "&a ", "*a", "!!python/none ", "%YAML 2.0"),
    *("<<: *a", "|", ">", "|9\n", "{", "}", "[", "]", "'", '"', "\\", "`", "```\n", "~~~~\n"),
    *("![", "](", "[^1]", "[^1]: ", "*[x]: ", "=== ", "!!! note\n", "??? a\n", "$$", "<", "<!--"),
    *(
        "-->",
        "<![CDATA[",
        "<div markdown>",
        "</div>",
        "<script>",
        "{: #a }",
        "++",
        "^^",
        "||",
        "|-",
    ),
    *("yes", "no", "null", "~", "0x1F", "1_000", "1e999", "-0", "00", "2026-02-30", "24:00"),
    *("9999-12-31", "0000-01-01", "2026-13-01 25:61", "Europe/Nowhere", "FREQ=SECONDLY", "P1Y"),
    *("FREQ=DAILY;COUNT=999999999", "javascript:alert(1)", "//", "../../../etc/passwd", "file:///"),
    *(
        "title",
        "date",
        "start",
        "repeat",
        "id",
        "draft",
        "aliases",
        "tags",
        "rule",
        "every",
        "2 weeks",
    ),
    *(
        "a" * 300,
        "é" * 100,
        "[" * 50,
        "(" * 50,
        "> " * 30,
        "- " * 30,
        "  " * 40,
        "*" * 100,
        "9" * 40,
    ),
]


def mutants(many: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many files, by the path at which they stand; the same for the same seed."""
    chance = random.Random(seed)
    sample = [
        (path.relative_to(SAMPLE).as_posix(), path.read_bytes())
        for folder in ("content", "events", "guidelines")
        for path in sorted((SAMPLE / folder).rglob("*"))
        if path.suffix in (".md", ".yml", ".vtt", ".svg")
    ]
    for number in range(many):
        path, data = chance.choice(sample)
        place = Path(path)
        name = place.name if place.suffix == ".yml" else f"mutant-{number}{place.suffix}"
        for _ in range(chance.randint(1, 8)):
            data = chance.choice(_WAYS)(chance, data, sample)
        yield place.with_name(name).as_posix(), data[: 300 * 1024]


Way = Callable[[random.Random, bytes, list[tuple[str, bytes]]], bytes]


def _insert(chance: random.Random, data: bytes, _sample: object) -> bytes:
    at = chance.randint(0, len(data))
    token = chance.choice(TOKENS).encode() * chance.choice((1, 1, 1, 2, 30))
    return data[:at] + token + data[at:]


def _flip(chance: random.Random, data: bytes, _sample: object) -> bytes:
    at = chance.randrange(max(1, len(data)))
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def _cut(chance: random.Random, data: bytes, _sample: object) -> bytes:
    one, other = sorted((chance.randint(0, len(data)), chance.randint(0, len(data))))
    return data[:one] + data[other:] if chance.random() < 0.7 else data[one:other]


def _repeat(chance: random.Random, data: bytes, _sample: object) -> bytes:
    at = chance.randint(0, len(data))
    piece = data[at : at + chance.randint(1, 80)]
    return data[:at] + piece * chance.choice((2, 10, 1_000)) + data[at:]


def _shuffle(chance: random.Random, data: bytes, _sample: object) -> bytes:
    lines = data.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _graft(chance: random.Random, data: bytes, sample: list[tuple[str, bytes]]) -> bytes:
    """The front matter of another kind of file, above or within this one."""
    other = chance.choice(sample)[1]
    at = chance.choice((0, data.find(b"\n") + 1, len(data)))
    return data[:at] + other[: chance.randint(0, len(other))] + data[at:]


def _value(chance: random.Random, data: bytes, _sample: object) -> bytes:
    """A field's value is something else."""
    lines = data.split(b"\n")
    fields = [number for number, line in enumerate(lines[:30]) if b": " in line]
    if fields:
        number = chance.choice(fields)
        name = lines[number].split(b": ")[0]
        lines[number] = name + b": " + chance.choice(TOKENS).encode()
    return b"\n".join(lines)


def _line_ends(chance: random.Random, data: bytes, _sample: object) -> bytes:
    return data.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"\n ", b"\n\t")))


def _anew(chance: random.Random, _data: object, sample: list[tuple[str, bytes]]) -> bytes:
    """Nothing of any file: words and marks at random, mostly with a beginning like front matter."""
    words = [*TOKENS, *chance.choice(sample)[1].decode().split()]
    text = "".join(chance.choice(words) + chance.choice((" ", "\n")) for _ in range(200))
    return (chance.choice(("---\n", "---\ntitle: A\n", "")) + text).encode()


_WAYS: tuple[Way, ...] = (
    _anew,
    _insert,
    _insert,
    _value,
    _value,
    _flip,
    _cut,
    _repeat,
    _shuffle,
    _graft,
    _line_ends,
)
