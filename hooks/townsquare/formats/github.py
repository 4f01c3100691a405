"""Problems as GitHub's workflow commands, which become annotations on a pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterable

from townsquare.formats.text import counted, visible
from townsquare.problems import Problem


def written(problems: Iterable[Problem]) -> str:
    """One command a problem, the most severe first: GitHub shows ten of each level a step."""
    found = sorted(problems, key=lambda each: (each.severity, each))
    return "".join(f"{line}\n" for line in (*map(_command, found), counted(found)) if line)


def _command(problem: Problem) -> str:
    place = problem.place
    properties = {
        "file": place.path,
        "line": place.line,
        "col": place.column,
        "endColumn": place.column + place.width,
        "title": problem.label,
    }
    said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    message = visible(problem.message)
    if problem.hint:
        message += f"\nhint: {visible(problem.hint)}"
    return f"::{problem.severity.word} {said}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
