"""Problems as JSON for other programs.

One object: `format` (`townsquare-problems/1`), `counts` (`error`, `warning`, `notice`) and
`problems`, sorted by place. Each has `path` (from the community's folder, forward slashes), `line`
and `column` (from 1, in characters), `width` (characters that are meant), `severity`, `code`,
`message`, `hint` (may be empty) and `why` (what the code means). Members may be added; none will
change its meaning without another `format`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from townsquare.codes import CODES
from townsquare.problems import Problem, Severity

FORMAT = "townsquare-problems/1"


def written(problems: Iterable[Problem]) -> str:
    """The report as this module describes it, in ASCII, so that no terminal can spoil it."""
    found = list(problems)
    severities = [each.severity for each in found]
    report = {
        "format": FORMAT,
        "counts": {severity.word: severities.count(severity) for severity in Severity},
        "problems": [_record(each) for each in found],
    }
    return json.dumps(report, indent=2) + "\n"


def _record(problem: Problem) -> dict[str, object]:
    place = problem.place
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "width": place.width,
        "severity": problem.severity.word,
        "code": problem.label,
        "message": problem.message,
        "hint": problem.hint,
        "why": CODES[problem.code].why,
    }
