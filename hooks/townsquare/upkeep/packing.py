"""Problems as what JSON can hold, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from townsquare.problems import Place, Problem, Severity


def packed(problem: Problem) -> tuple[Any, ...]:
    """A problem as text and numbers."""
    place = problem.place
    return (
        *(place.path, place.line, place.column, place.width),
        *(int(problem.severity), problem.code, problem.message, problem.hint),
    )


def unpacked(told: Sequence[Any]) -> Problem:
    """The problem that `packed` wrote."""
    return Problem(Place(*told[:4]), Severity(told[4]), *told[5:])
