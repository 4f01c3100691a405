"""Whatever a file holds: it is taken or refused by name and line, soon, and judges no other."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from community_files import NOW, write
from generated import mutants

from townsquare import build, ledger
from townsquare.cache import Cache
from townsquare.codes import CODES
from townsquare.problems import Problem

SECONDS = 5
MORE_MEMORY = 500 * 1024  # KiB, as getrusage(2) counts them
COMMUNITY = {
    "mkdocs.yml": (
        "site_name: Commons\nsite_url: https://example.org/\n"
        "extra:\n  townsquare:\n    authority: example.org,2026\n"
    ),
    "content/index.md": "---\ntitle: Home\n---\nHello, [call](../events/call.md).\n",
    "content/blog/first.md": "---\ntitle: First\ndate: 2026-01-05\n---\nFirst.\n",
    "content/blog/faulty.md": "---\ntitle: Faulty\ndate: soon\n---\nA [link](nowhere.md).\n",
    "content/people/ana.md": "---\ntitle: Ana\n---\nAna.\n",
    "content/people/nobody.md": "---\ntitle: Nobody\nlisted: perhaps\n---\nNo.\n",
    "events/call.md": "---\ntitle: Call\nstart: 2026-12-01 18:00\nrepeat: week\n---\nCome.\n",
    "guidelines/rules.md": (
        "---\ntitle: Rules\ntype: policy\nversion: 1.0\nstatus: active\neffective: 2026-01-05\n"
        "---\nBe kind.\n"
    ),
}
# What concerns two files stands at one of them, or at both.
OF_TWO = {"duplicate_address", "duplicate_id", "duplicate_event", "alias_taken", "events_clash"}


def judged(problems: Iterable[Problem], *, but: str) -> set[Problem]:
    """What is said of the other files, but for what concerns two."""
    return {each for each in problems if each.place.path != but and each.code not in OF_TWO}


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Ends a hang; another timer than the one of conversions, which would put it off."""

    def end(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def test_no_file_stops_or_sways_a_build(tmp_path: Path, full: bool) -> None:
    root, cache = write(tmp_path, COMMUNITY), Cache(tmp_path / ".cache")
    before = judged(build.check(root, now=NOW, cache=cache, whole=True).problems, but="")
    assert {each.place.path for each in before} >= {
        "content/blog/faulty.md",
        "content/people/nobody.md",
    }
    began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused = built = 0
    for path, data in mutants(10_000 if full else 300, seed=5):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        try:
            with bounded(SECONDS):
                checked = build.check(root, now=NOW, cache=cache, whole=True)
                errors = [each for each in checked.errors if each.place.path == path]
                if checked.can_go_on and built < (5_000 if full else 150):
                    rest = build.without_faulty(checked)
                    build.plan(rest, previous=ledger.Previous())
                    built += 1
        except BaseException as error:
            error.add_note(f"{path}: {data!r}")
            raise
        assert judged(checked.problems, but=path) == before, (path, data)
        lines = data.count(b"\n") + data.count(b"\r") + 1
        assert all(1 <= each.place.line <= lines for each in errors), (path, data, errors)
        refused += bool(errors)
        file.unlink()
    assert refused > built // 4 and built >= (5_000 if full else 150)
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - began
    assert more < MORE_MEMORY


def test_the_list_of_what_concerns_two_files_is_of_known_codes() -> None:
    assert set(CODES) >= OF_TWO
