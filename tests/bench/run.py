"""What builds and checks cost at several sizes, as a table in Markdown: `run.py [N ...]`.

Run by hand and once a week; no test asserts seconds. CPU is user and system time of the whole
command, the script's own start included; memory is that of its largest process. Counts come from
another build of the same change in one process: bodies converted, articles rendered, files written.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
import corpus

ROOT = Path(__file__).parents[2]
SIZES = (100, 1000, 5000, 10_000)


class Cost(NamedTuple):
    """One run: seconds, and MiB."""

    cpu: float
    wall: float
    memory: float


def body(root: Path) -> None:
    """One post's text is another."""
    file = root / "content/blog/post-00050.md"
    file.write_text(file.read_text("utf-8") + f"\nAnother sentence, {time.time_ns()}.\n", "utf-8")


def title(root: Path) -> None:
    """One post's title is another."""
    file = root / "content/blog/post-00060.md"
    text = file.read_text("utf-8").partition("\n---\n")
    head = "\n".join(
        f"title: Another title {time.time_ns()}" if line.startswith("title:") else line
        for line in text[0].split("\n")
    )
    file.write_text(head + text[1] + text[2], "utf-8")


def added(root: Path) -> None:
    """A new post is there."""
    text = "---\ntitle: New\ndate: 2026-01-05\nauthors: [person-01]\n---\nWords of a new post.\n"
    (root / f"content/blog/new-{time.time_ns()}.md").write_text(text, "utf-8")


def nothing(_root: Path) -> None:
    """All is as it was."""


CHANGES: dict[str, Callable[[Path], None]] = {
    "body": body,
    "title": title,
    "new post": added,
    "nothing": nothing,
}


def measured(script: str, root: Path) -> Cost:
    """What one run of the script costs."""
    command = [sys.executable, str(ROOT / "scripts" / script), "--root", str(root)]
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(command)} failed")
    wall = time.monotonic() - begun
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def best(change: Callable[[Path], None], script: str, root: Path) -> Cost:
    """The cheapest of three runs, each after the change: what the machine's other work spares."""
    runs: list[Cost] = []
    for _ in range(3):
        change(root)
        runs.append(measured(script, root))
    return min(runs)


def counted(root: Path) -> dict[str, int]:
    """What a build now converts, renders and writes."""
    program = str(Path(__file__).with_name("count.py"))
    python = ROOT / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = subprocess.run([python, "-I", program, root], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def rows(posts: int, folder: Path) -> Iterator[str]:
    """The table's lines for one size."""
    root = folder / f"community-{posts}"
    corpus.write(root, posts)
    cold = measured("build.py", root)
    yield _row(posts, "cold", cold, {})
    for name, change in CHANGES.items():
        change(root)
        counts = counted(root)
        yield _row(posts, name, best(change, "build.py", root), counts)
    yield _row(posts, "check, cold", measured("check.py", root), {})
    yield _row(posts, "check, body", best(body, "check.py", root), {})
    shutil.rmtree(root)


def _row(posts: int, what: str, cost: Cost, counts: dict[str, int]) -> str:
    told = [str(counts.get(name, "")) for name in ("converted", "rendered", "written")]
    figures = [f"{cost.cpu:.2f}", f"{cost.wall:.2f}", f"{cost.memory:.0f}"]
    return f"| {posts} | {what} | {' | '.join([*figures, *told])} |"


def main(sizes: list[int]) -> None:
    """Prints the table."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{platform.system()} {machine}\n")
    print("| Posts | Change | CPU s | wall s | MiB | converted | rendered | written |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory(prefix="townsquare-bench-") as folder:
        for posts in sizes:
            for row in rows(posts, Path(folder)):
                print(row, flush=True)


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or list(SIZES))
