"""What reading an access log costs: `.venv/bin/python tests/bench/readers.py 10000000`.

Makes a log of that many lines in the Combined Log Format, reads it as `report.py ingest` does, and
prints seconds (also of CPU, since other work may share the cores) and the most memory that its
processes held together (PSS, so that what they share counts once; Linux). The counts of pages,
feeds and calendars are checked against those that were written.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACES = {
    "pages": ["/", "/blog/", "/events/", *(f"/blog/post-{n}/" for n in range(400))],
    "feeds": ["/rss.xml", "/atom.xml"],
    "calendars": ["/events.ics"],
    "": ["/assets/site.css", "/assets/site.js", *(f"/img/{n}.png" for n in range(40))],
}
SHARES = [5, 2, 1, 12]
REFERRERS = ["-"] * 6 + ["https://news.example.org/x", "https://search.example.net/?q=y"]
CHUNK = 100_000
START = datetime(2026, 11, 1)


def main(lines: int) -> None:
    """Prints what one reading costs."""
    with tempfile.TemporaryDirectory() as folder:
        log, town = Path(folder, "access.log"), Path(folder, "town")
        (town / "content").mkdir(parents=True)
        written = _write(log, lines)
        print(f"{lines:,} lines, {log.stat().st_size / 1e9:.2f} GB", flush=True)
        began = time.monotonic()
        script = [sys.executable, str(ROOT / "scripts" / "report.py"), "ingest", str(log)]
        process = subprocess.Popen([*script, "--root", str(town), "--now", "2026-12-02T00:00:00Z"])
        most = 0
        while process.poll() is None:
            most = max(most, _held(process.pid))
            time.sleep(0.05)
        seconds = time.monotonic() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = used.ru_utime + used.ru_stime
        print(f"{seconds:.1f} s, {cpu:.1f} s of CPU; {most / 1024:.0f} MB at most")
        rows = (town / "data" / "readers" / "2026-11.csv").read_text().splitlines()[1:]
        found = Counter[str]()
        for _, _, _, measure, name, count in (row.split(",") for row in rows):
            found[measure] += 0 if name else int(count)
        assert {kind: found[kind] for kind in written} == written, (found, written)
        print(f"counted as written: {written}")


def _held(pid: int) -> int:
    """The memory of a process and all that it started, in KB."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    [own] = [int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")]
    return own + sum(_held(int(child)) for child in children)


def _write(log: Path, lines: int) -> dict[str, int]:
    pick = random.Random(1)
    agents = [
        f"Mozilla/5.0 (X11; Linux; rv:{major}.{minor}) Gecko/20100101 Firefox/{major}.{minor}"
        for major in range(100, 140)
        for minor in range(60)
    ]
    crawlers = ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"]
    written = Counter[str]()
    with log.open("w") as file:
        for number in range(lines):
            if number % CHUNK == 0:
                second = number * 86400 * 30 // lines
                when = f"{START + timedelta(seconds=second):%d/%b/%Y:%H:%M:%S}"
            [kind] = pick.choices([*PLACES], SHARES)
            crawls = pick.random() < 0.2
            written[kind] += not crawls
            agent = pick.choice(crawlers if crawls else agents)
            file.write(
                f"198.{pick.randrange(20)}.{pick.randrange(256)}.{pick.randrange(256)} - - "
                f'[{when} +0000] "GET {pick.choice(PLACES[kind])} HTTP/2.0" 200 5123 '
                f'"{pick.choice(REFERRERS)}" "{agent}"\n'
            )
    return {kind: count for kind, count in written.items() if kind}


if __name__ == "__main__":
    main(int(sys.argv[1]))
