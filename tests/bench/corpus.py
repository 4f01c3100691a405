"""A community of any size, the same on every machine: N posts, N/4 events, 20 people, 10 guides."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

WORDS = (
    "harbour",
    "letter",
    "garden",
    "window",
    "rules",
    "welcome",
    "minutes",
    "archive",
    "lantern",
    "meeting",
    "bridge",
    "orchard",
    "signal",
    "basket",
    "copper",
    "meadow",
    "ticket",
    "anchor",
    "willow",
    "parcel",
    "kettle",
    "mirror",
    "saddle",
    "pebble",
)
TOPICS = [f"topic-{number:02d}" for number in range(30)]
CODE = "```python\ndef greet(name: str) -> str:\n    return f'hello {name}'  # {word}\n```\n"


def write(root: Path, posts: int) -> None:
    """The folder holds the community; nothing else may be in it."""
    luck = Random(posts)
    for number in range(posts):
        _write(root, f"content/blog/post-{number:05d}.md", _post(luck, number, posts))
    for number in range(posts // 4):
        _write(root, f"events/event-{number:05d}.md", _event(luck, number))
    for number in range(20):
        text = f"---\ntitle: {_line(luck, 2)}\n---\n{_text(luck, 30)}\n"
        _write(root, f"content/people/person-{number:02d}.md", text)
    for number in range(10):
        text = f"---\ntitle: {_line(luck, 3)}\n---\n{_text(luck, 120)}\n"
        _write(root, f"content/guides/guide-{number:02d}.md", text)


def _post(luck: Random, number: int, posts: int) -> str:
    day = date(2021, 1, 1) + timedelta(days=number * 1800 // posts)
    tags = ", ".join(luck.sample(TOPICS, 3))
    others = (f"post-{luck.randrange(posts):05d}.md" for _ in range(2))
    links = " and ".join(f"[{_line(luck, 2)}]({other})" for other in others)
    items = "\n".join(f"- {_line(luck, 9)}" for _ in range(5))
    rows = "\n".join(f"| {_line(luck, 2)} | {_line(luck, 2)} |" for _ in range(4))
    return (
        f"---\ntitle: {_line(luck, 5)} {number}\ndate: {day}\n"
        f"authors: [person-{luck.randrange(20):02d}]\ntags: [{tags}]\n---\n"
        f"{_text(luck, 60)}\n\n<!-- more -->\n\n## {_line(luck, 3)}\n\n{_text(luck, 90)}\n\n"
        f"{items}\n"
        f"\n## {_line(luck, 3)}\n\n{_text(luck, 80)}\n\n{CODE.replace('{word}', _line(luck, 1))}\n"
        f"| One | Two |\n| --- | ---: |\n{rows}\n\n!!! note\n\n    {_line(luck, 20)}\n\n"
        f"{_text(luck, 60)} See {links}.\n"
    )


def _event(luck: Random, number: int) -> str:
    day = date(2022, 1, 1) + timedelta(days=number * 7 % 1700)
    return (
        f"---\ntitle: {_line(luck, 4)} {number}\nstart: {day} 18:00\nwhere: online\n"
        f"organisers: [person-{luck.randrange(20):02d}]\ntags: [{luck.choice(TOPICS)}]\n---\n"
        f"{_text(luck, 40)}\n\n## Agenda\n\n- {_line(luck, 6)}\n- {_line(luck, 6)}\n"
    )


def _line(luck: Random, count: int) -> str:
    return " ".join(luck.choice(WORDS) for _ in range(count)).capitalize()


def _text(luck: Random, count: int) -> str:
    marks = ("{}", "{}", "{}", "{}", "**{}**", "*{}*", "`{}`")
    return " ".join(luck.choice(marks).format(luck.choice(WORDS)) for _ in range(count)) + "."


def _write(root: Path, path: str, text: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
