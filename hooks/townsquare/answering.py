"""Whom traces ask: what stands in files now, and how queries are asked and written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol


class Leaves(Protocol):
    """What stands in files now."""

    def digest(self, name: str) -> str:
        """What two leaves have in common that say the same."""
        ...

    def suspects(self) -> Iterable[str]:
        """The names of all leaves that may be another than the last build found."""
        ...


class Asking(Protocol):
    """How queries are asked again by name, and their answers written as text."""

    def again(self, name: str) -> object:
        """The answer to a query, asked through `Traces.answer`."""
        ...

    def encode(self, answer: Any) -> str | None:
        """The answer as text, nothing where it has none."""
        ...

    def decode(self, text: str) -> Any:
        """The answer that this text says; LookupError where the text is lost."""
        ...
