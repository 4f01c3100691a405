"""Writes a plan as a whole site, proves it whole, and says what it holds."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import townsquare
from townsquare import checkout, ledger, output, proof, versions
from townsquare.output import RECORD, SUMS
from townsquare.problems import Problem, Severity
from townsquare.settings import LOCAL
from townsquare.values import value

if TYPE_CHECKING:
    from townsquare.build import Plan

ENGINES = ("mkdocs", "mkdocs-material", "Markdown", "feedgen", "icalendar")


@value
class Built:
    """A site that was built: what it holds by count, what was found, and when it will be another.

    `left_out` are the files that were left out for their errors, `local` says that the site has no
    address of its own yet.
    """

    counts: Mapping[str, int]
    problems: Sequence[Problem]
    next_change: datetime | None
    local: bool
    left_out: Sequence[str] = ()


def write(plan: Plan, folder: Path, *, previous: ledger.Previous, search: bool) -> Built:
    """The whole site stands in the folder, with a record of the build and a sum for every file.

    Raises RuntimeError, before anything is written, for a feed or calendar that is not whole. With
    `search`, as it is published, the written site is inspected, see `inspection`.
    """
    from townsquare import inspection, measuring, site
    from townsquare.search import index
    from townsquare.site.surroundings import of_plan

    proof.check(plan.files)
    community = plan.community
    site.build(of_plan(plan), community.library.root, folder)
    if search:
        output.write(folder, index(plan.pages, lambda path: (folder / path).read_bytes()))
    built = Built(
        measuring.counted(plan),
        plan.problems,
        plan.next_change,
        community.settings.site_url == LOCAL,
        sorted({each.place.path for each in plan.errors}),
    )
    (folder / RECORD).write_bytes(
        record(
            built.counts,
            built.next_change,
            now=community.clock.stamp(),
            commit=checkout.head(str(community.library.root)),
            previous=previous.digest,
            preview=plan.outcome.ledger.preview,
        )
    )
    (folder / SUMS).write_text("".join(_sums(folder)), encoding="utf-8", newline="\n")
    if search:
        inspection.inspect(plan, folder)
    return built


def announce(built: Built, out: Path, *, seconds: float) -> None:
    """What was built stands on standard error, and where GitHub's steps look for it.

    The build's own time is named here alone: `site/` is the same for the same input.
    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    first, *rest = said(built, out)
    lines = [f"{first}; {seconds:.1f} s", *rest]
    sys.stderr.write("\n  ".join(lines) + "\n")
    if "GITHUB_STEP_SUMMARY" in os.environ:
        lines += _memory()
        _append("GITHUB_STEP_SUMMARY", "".join(f"- {line}\n" for line in lines))
    _append("GITHUB_OUTPUT", f"next_change={_stamp(built.next_change) or ''}\n")


def _memory() -> Iterator[str]:
    """The most memory that this process and one of its helpers took, where the system tells."""
    with suppress(ImportError):
        import resource

        whose = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
        own, helper = (resource.getrusage(who).ru_maxrss for who in whose)
        # Kilobytes, but on macOS: https://man7.org/linux/man-pages/man2/getrusage.2.html
        unit = 1 if sys.platform == "darwin" else 1024
        most = own * unit // 2**20, helper * unit // 2**20
        yield "at most {} MiB of memory, and {} MiB in a helper".format(*most)


def said(built: Built, out: Path) -> list[str]:
    """What is said of a site that was built, but for the time that it took."""
    return [f"{out}: {_listed(built.counts)}", *_remarks(built)]


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(
        f"{n} {what.removesuffix('s') if n == 1 else what}" for what, n in counts.items()
    )


def _remarks(built: Built) -> Iterator[str]:
    if built.left_out:
        yield f"left out for their errors: {', '.join(built.left_out)}"
    for severity in Severity:
        if count := sum(p.severity is severity for p in built.problems):
            yield f"{count} {severity.word}{'s' if count > 1 else ''}"
    if built.local:
        yield f"no `site_url` in mkdocs.yml: feeds and calendars lead to {LOCAL}"
    if stamp := _stamp(built.next_change):
        yield f"the next change falls due at {stamp}"


def _append(variable: str, text: str) -> None:
    if file := os.environ.get(variable):
        with Path(file).open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(text)


def record(
    counts: Mapping[str, int],
    next_change: datetime | None,
    *,
    now: datetime,
    commit: str | None,
    previous: str,
    preview: bool,
) -> bytes:
    """`build.json`: the only file that names the build's instant.

    `previous` is the digest of the ledger that the site grew from, if it grew from any.
    """
    whole = {
        "townsquare": townsquare.__version__,
        "now": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "next_change": _stamp(next_change),
        "commit": commit,
        "engines": {name: versions.installed(name) for name in ENGINES},
        "counts": dict(counts),
        "previous_ledger": previous or None,
        "preview": preview,
    }
    return (json.dumps(whole, indent=2, sort_keys=True) + "\n").encode()


def _stamp(instant: datetime | None) -> str | None:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}" if instant else None


def _sums(folder: Path) -> Iterator[str]:
    """Lines for `sha256sum --check`, by path; the record and this list itself are left out."""
    files = (file for file in folder.rglob("*") if file.is_file())
    for path, file in sorted((file.relative_to(folder).as_posix(), file) for file in files):
        if path not in (RECORD, SUMS):
            yield f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {path}\n"
