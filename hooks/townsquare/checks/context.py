"""What checks look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from townsquare.bodies import Body
from townsquare.clock import Clock
from townsquare.library import Library
from townsquare.links import Addresses
from townsquare.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    """A community before its outputs are made; `bodies` are by path, hidden entries' included.

    The clock is the checks' own: what becomes overdue by time is no change of the site.
    """

    library: Library
    bodies: Mapping[str, Body]
    clock: Clock
    addresses: Addresses

    @property
    def settings(self) -> Settings:
        """The community's own choices."""
        return self.library.settings
