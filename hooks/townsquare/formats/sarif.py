"""Problems as SARIF 2.1.0, for code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import quote

from townsquare import __version__
from townsquare.codes import CODES
from townsquare.formats.fingerprints import fingerprinted
from townsquare.problems import Problem, Severity

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "note"}


def written(problems: Iterable[Problem]) -> str:
    """One run, with a rule for each code that was found."""
    found = list(fingerprinted(problems))
    codes = sorted({problem.code for problem, _ in found})
    driver = {
        "name": "Townsquare",
        "version": __version__,
        "rules": [_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, codes.index(problem.code), name) for problem, name in found],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str) -> dict[str, object]:
    severity = Severity[CODES[code].severity.upper()]
    return {
        "id": code.replace("_", "-"),
        "shortDescription": {"text": CODES[code].why},
        "defaultConfiguration": {"level": _LEVELS[severity]},
    }


def _result(problem: Problem, rule: int, fingerprint: str) -> dict[str, object]:
    hint = f"\n\nHint: {problem.hint}" if problem.hint else ""
    return {
        "ruleId": problem.label,
        "ruleIndex": rule,
        "level": _LEVELS[problem.severity],
        "message": {"text": problem.message + hint},
        "locations": [{"physicalLocation": _location(problem)}],
        "partialFingerprints": {"townsquare/v1": fingerprint},
    }


def _location(problem: Problem) -> dict[str, object]:
    place = problem.place
    return {
        # Relative to the repository (§3.4.4), as every path of a problem is.
        "artifactLocation": {"uri": quote(place.path), "uriBaseId": "%SRCROOT%"},
        "region": {
            "startLine": place.line,
            "startColumn": place.column,
            "endColumn": place.column + place.width,
        },
    }
