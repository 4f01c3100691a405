"""Problems as a GitLab Code Quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from townsquare.formats.fingerprints import fingerprinted
from townsquare.problems import Problem, Severity

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTICE: "info"}


def written(problems: Iterable[Problem]) -> str:
    """One array; the description carries the hint, for which the format has no place."""
    report = [_issue(problem, name) for problem, name in fingerprinted(problems)]
    return json.dumps(report, indent=2) + "\n"


def _issue(problem: Problem, fingerprint: str) -> dict[str, object]:
    hint = f" (hint: {problem.hint})" if problem.hint else ""
    return {
        "description": problem.message + hint,
        "check_name": problem.label,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[problem.severity],
        "location": {"path": problem.place.path, "lines": {"begin": problem.place.line}},
    }
