"""What happens to a community between two builds, chosen at random and replayable by its seed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from community_files import NOW
from community_files import picture as shades

GOLDEN = Path(__file__).with_name("golden") / "community"
WORDS = [
    "meeting",
    "harbour",
    "letter",
    "garden",
    "window",
    "rules",
    "welcome",
    "minutes",
    "archive",
    "lantern",
]
TAGS = ("moderation", "cpp")
FOLDERS = ("content", "events", "guidelines", "data")


@dataclass
class Life:
    """A community's folder, the instant of its next build, and the luck of the draw."""

    root: Path
    luck: Random
    now: datetime = NOW
    number: int = 0
    told: list[str] = field(default_factory=list[str])
    formers: list[Path] = field(default_factory=list[Path])

    def texts(self, folder: str) -> list[Path]:
        return sorted(p for p in (self.root / folder).rglob("*.md") if p.name != "index.md")

    def some(self, folder: str) -> Path:
        return self.luck.choice(self.texts(folder) or self.texts("content"))

    def words(self, count: int) -> str:
        return " ".join(self.luck.choice(WORDS) for _ in range(count))

    def next_number(self) -> int:
        self.number += 1
        return self.number


def begun(folder: Path, seed: int) -> Life:
    """A small community of every kind with a few posts and events more."""
    shutil.copytree(GOLDEN, folder)
    life = Life(folder, Random(seed))
    for _ in range(9):
        new_post(life)
    for _ in range(3):
        new_event(life)
    life.told.clear()
    put_aside(life)
    return life


def put_aside(life: Life) -> None:
    """The community's files as they are can come back."""
    aside = life.root.with_name(f"{life.root.name}-{len(life.formers)}")
    for name in (*FOLDERS, "mkdocs.yml"):
        here = life.root / name
        if here.is_dir():
            shutil.copytree(here, aside / name)
        elif here.exists():
            aside.mkdir(exist_ok=True)
            shutil.copy(here, aside / name)
    life.formers.append(aside)


def put_back(root: Path, former: Path) -> None:
    """The community's files are those that they were, as after `git checkout`."""
    for name in FOLDERS:
        shutil.rmtree(root / name, ignore_errors=True)
        if (former / name).exists():
            shutil.copytree(former / name, root / name)
    shutil.copy(former / "mkdocs.yml", root / "mkdocs.yml")


def new_post(life: Life) -> None:
    number = life.next_number()
    day = (life.now - timedelta(days=life.luck.randrange(-3, 600))).date()
    other = life.luck.choice(["first.md", "episode.md", "../about.md", "../../events/call.md"])
    write(
        life.root / f"content/blog/post-{number}.md",
        f"---\ntitle: {life.words(3).capitalize()}\ndate: {day}\nauthors: [ana]\n"
        f"tags: [{life.luck.choice(TAGS)}]\n---\n{life.words(9)}\n\n<!-- more -->\n\n"
        f"## {life.words(2)}\n\nSee [{life.words(1)}]({other}). {life.words(20)}\n",
    )


def new_event(life: Life) -> None:
    number = life.next_number()
    day = (life.now + timedelta(days=life.luck.randrange(-90, 90))).date()
    repeat = life.luck.choice(["", "repeat: {every: 2 weeks, times: 5}\n"])
    write(
        life.root / f"events/event-{number}.md",
        f"---\ntitle: {life.words(3).capitalize()}\nstart: {day} 18:00\nwhere: online\n"
        f"organisers: [ana]\ntags: [{life.luck.choice(TAGS)}]\n{repeat}---\n{life.words(12)}\n",
    )


def body(life: Life) -> None:
    file = life.some(life.luck.choice(["content/blog", "events", "content", "guidelines"]))
    write(file, file.read_text("utf-8") + f"\n{life.words(7).capitalize()}.\n")


def heading(life: Life) -> None:
    file = life.some("content/blog")
    write(file, file.read_text("utf-8") + f"\n## {life.words(2)}\n\n{life.words(4)}\n")


def summary(life: Life) -> None:
    file = life.some("content/blog")
    head, fence, text = file.read_text("utf-8").partition("\n---\n")
    write(file, f"{head}{fence}{life.words(5)}\n\n{text}")


def title(life: Life) -> None:
    replaced(life.some(""), r"^title: .*$", f"title: {life.words(3).capitalize()}")


def tag(life: Life) -> None:
    file = life.luck.choice(life.texts("content/blog") + life.texts("events"))
    replaced(file, r"^tags: .*$", f"tags: [{', '.join(life.luck.sample(TAGS, 2))}]")


def author(life: Life) -> None:
    replaced(life.some("content/blog"), r"^authors: .*$", "authors: [{name: Cy Guest}]")


def date(life: Life) -> None:
    day = (life.now - timedelta(days=life.luck.randrange(-5, 900))).date()
    replaced(life.some("content/blog"), r"^date: .*$", f"date: {day}")


def event_time(life: Life) -> None:
    day = (life.now + timedelta(days=life.luck.randrange(-60, 60))).date()
    names = [p for p in life.texts("events") if p.name.startswith("event-")]
    if names:
        replaced(life.luck.choice(names), r"^start: .*$", f"start: {day} 17:30")


def draft(life: Life) -> None:
    file = life.some("content/blog")
    text = file.read_text("utf-8")
    drafted = "draft: yes\n" in text
    write(file, text.replace("draft: yes\n", "") if drafted else inserted(text, "draft: yes"))


def pinned(life: Life) -> None:
    file = life.luck.choice([p for p in life.texts("content/blog") if p.name.startswith("post-")])
    text = file.read_text("utf-8")
    write(file, text if "pinned" in text else inserted(text, "pinned: yes"))


def alias(life: Life) -> None:
    file = life.luck.choice([p for p in life.texts("content/blog") if p.name.startswith("post-")])
    text = file.read_text("utf-8")
    number = life.next_number()
    write(file, text if "aliases" in text else inserted(text, f"aliases: [/old/{number}/]"))


def renamed(life: Life) -> None:
    posts = [p for p in life.texts("content/blog") if p.name.startswith("post-")]
    file = life.luck.choice(posts)
    file.rename(file.with_name(f"post-{life.next_number()}-renamed.md"))


def deleted(life: Life) -> None:
    names = ("post-", "event-")
    files = [p for p in life.texts("") if p.name.startswith(names)]
    if len(files) > 4:
        life.luck.choice(files).unlink()


def introduced(life: Life) -> None:
    """A list gets an introduction, or loses it."""
    file = life.root / life.luck.choice(["content/blog", "events", "content/people"]) / "index.md"
    if file.exists():
        file.unlink()
    else:
        write(file, f"---\ntitle: {life.words(2)}\n---\n{life.words(6)}\n")


def plain_page(life: Life) -> None:
    """A page that stands in the navigation of every other page."""
    write(
        life.root / f"content/page-{life.next_number()}.md",
        f"---\ntitle: {life.words(2)}\n---\n{life.words(6)}\n",
    )


def picture(life: Life) -> None:
    """A picture changes, or a new one is there."""
    name = life.luck.choice(["table", f"new-{life.next_number()}"])
    data = shades(life.words(2)) + bytes([life.luck.randrange(256)])
    (life.root / f"content/img/{name}.png").write_bytes(data)


def tag_title(life: Life) -> None:
    replaced(life.root / "content/tags.yml", r"title: Mod[^,]*,", f"title: Mod {life.words(2)},")


def imported(life: Life) -> None:
    """A partner's feed is brought in with other posts, switched off or on, or taken away."""
    file = life.root / "data/imports/acme-posts.json"
    match life.luck.randrange(4):
        case 0:
            file.unlink(missing_ok=True)
        case 1:
            partner = life.root / "content/partners/acme.md"
            text = partner.read_text("utf-8")
            on, off = "what: posts}", "what: posts, enabled: no}"
            write(partner, text.replace(on, off) if on in text else text.replace(off, on))
        case _:
            write(file, _posts(life, life.luck.randrange(4)))


def _posts(life: Life, count: int) -> str:
    posts = [
        {
            "id": f"{life.next_number():020x}",
            "title": life.words(3),
            "url": f"https://acme.example/{number}",
            "date": f"{life.now + timedelta(days=life.luck.randrange(-9, 9)):%Y-%m-%dT%H:%M:%SZ}",
        }
        for number in range(count)
    ]
    return json.dumps({"format": "1", "url": "https://acme.example/feed.xml", "posts": posts})


def setting(life: Life) -> None:
    replaced(life.root / "mkdocs.yml", r"^site_name: .*$", f"site_name: {life.words(2)}")


def page_size(life: Life) -> None:
    file = life.root / "mkdocs.yml"
    text = re.sub(r"\n    page_size: \d+", "", file.read_text("utf-8"))
    write(file, text.rstrip() + f"\n    page_size: {life.luck.randrange(2, 6)}\n")


def later(life: Life) -> None:
    life.now += timedelta(hours=life.luck.choice([1, 30, 24 * 8, 24 * 40]))


def earlier(life: Life) -> None:
    life.now -= timedelta(hours=life.luck.choice([2, 24 * 5, 24 * 33]))


def back(life: Life) -> None:
    """All edits since some moment are undone; what they made may come back later."""
    former = life.luck.choice(life.formers)
    put_aside(life)
    put_back(life.root, former)


def nothing(life: Life) -> None:
    """Nothing happens."""


def touched(life: Life) -> None:
    """Every file is as it was, at another time."""
    for file in life.texts(""):
        os.utime(file, (life.luck.randrange(10**9), life.luck.randrange(10**9)))


def restored_from_cache(life: Life) -> None:
    """A fresh clone, of which only the cache was kept."""
    for place in (life.root / "site", *life.root.glob(".site.*")):
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)


def cache_lost(life: Life) -> None:
    shutil.rmtree(life.root / ".cache", ignore_errors=True)


def cache_damaged(life: Life) -> None:
    """Bytes of a file in the cache are others, or it ends early."""
    files = sorted(p for p in (life.root / ".cache").glob("*") if p.is_file())
    if files:
        file = life.luck.choice(files)
        data = bytearray(file.read_bytes())
        at = life.luck.randrange(len(data) or 1)
        data[at : at + 40] = bytes(life.luck.randrange(256) for _ in range(40))
        file.write_bytes(data[: life.luck.choice([at, len(data)])])


def cache_swapped(life: Life) -> None:
    """Two results or parts have each other's names, and one is cut short."""
    table, of = life.luck.choice([("result", "key"), ("part", "name"), ("part", "name")])
    files = sorted((life.root / ".cache").glob("t*.sqlite" if of == "key" else "upkeep-*.sqlite"))
    try:
        with sqlite3.connect(life.luck.choice(files)) as base:
            rows = base.execute(f"SELECT {of}, digest, data FROM {table}").fetchall()
            one, other, third = life.luck.sample(rows, 3)
            change = f"UPDATE {table} SET digest = ?, data = ? WHERE {of} = ?"
            base.execute(change, (other[1], other[2], one[0]))
            base.execute(change, (one[1], one[2], other[0]))
            base.execute(change, (third[1], third[2][:9], third[0]))
        base.close()
    except (sqlite3.Error, ValueError, IndexError):
        cache_damaged(life)


def site_damaged(life: Life) -> None:
    """Somebody edits, deletes and adds files of the site by hand."""
    files = sorted(p for p in (life.root / "site").rglob("*") if p.is_file())
    if files:
        life.luck.choice(files).unlink()
        file = life.luck.choice(files)
        if file.exists():
            file.unlink()
            file.write_bytes(b"not what was built")


EDITS: tuple[Callable[[Life], None], ...] = (
    *(body, body, body, heading, summary, title, title, tag, author, date, event_time),
    *(draft, pinned, alias, renamed, deleted, new_post, new_event, introduced, plain_page),
    *(picture, tag_title, setting, page_size, imported, later, earlier, back, back, nothing),
    *(touched,),
    *(restored_from_cache, cache_lost, cache_damaged, cache_swapped, site_damaged),
)


def killed(build: Callable[[], object], seconds: float) -> None:
    """A build is ended by force after this time, wherever it is."""
    child = os.fork()
    if child == 0:
        os.setsid()
        try:
            build()
        finally:
            os._exit(0)
    time.sleep(seconds)
    with suppress(ProcessLookupError):
        # Its helpers, too: they are in its session.
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    write(file, re.sub(old, lambda _: new, text, count=1, flags=re.MULTILINE))


def inserted(text: str, line: str) -> str:
    """The text with a line of front matter more."""
    return text.replace("\n---\n", f"\n{line}\n---\n", 1)


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8", newline="\n")
