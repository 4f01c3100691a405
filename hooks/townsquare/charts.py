"""Bars over months or kinds, as the numbers of which a template draws them; no script, no image.

Every chart stands over the table of its own data: what it shows is for eyes that like shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 480, 180
"""The drawing's own units; it is as wide as its place."""
_TOP, _BOTTOM = 24, 24
_GAP = 0.25


class Bar(NamedTuple):
    """One value. A bar without a value stands for what was not collected."""

    label: str
    value: int | float | None
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Where its label stands."""
        return round(self.x + self.width / 2, 1)

    @property
    def short(self) -> str:
        """Its value in four letters or fewer; the table has all digits."""
        value = self.value or 0
        if value >= 999_500:
            return f"{value / 1_000_000:.0f}M"
        if value >= 10_000:
            return f"{value / 1000:.0f}k"
        return f"{value:.0f}" if value >= 100 else f"{value:g}"


class Chart(NamedTuple):
    """Bars side by side. `id` is unique on its page; `text` says in words what is seen."""

    id: str
    title: str
    text: str
    bars: tuple[Bar, ...]
    width: int = WIDTH
    height: int = HEIGHT
    baseline: int = HEIGHT - _BOTTOM


def bars(
    id: str, title: str, text: str, labels: Sequence[str], values: Sequence[int | float | None]
) -> Chart:
    """A bar for each label, the greatest as high as the chart; nothing below zero is drawn."""
    step = WIDTH / max(len(labels), 1)
    most = max((value for value in values if value), default=0) or 1
    room = HEIGHT - _TOP - _BOTTOM
    drawn: list[Bar] = []
    for number, (label, value) in enumerate(zip(labels, values, strict=True)):
        height = round(room * max(value or 0, 0) / most, 1)
        x, width = round((number + _GAP / 2) * step, 1), round(step * (1 - _GAP), 1)
        drawn.append(Bar(label, value, x, round(HEIGHT - _BOTTOM - height, 1), width, height))
    return Chart(id, title, text, tuple(drawn))
