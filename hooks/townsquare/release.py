"""What the files for machines are made of: a community, and what the ledger decided for it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from townsquare.community import Community
from townsquare.ledger import Outcome
from townsquare.values import value

if TYPE_CHECKING:
    from townsquare.traces import Traces


@value
class Release:
    """One build's content, with the revisions and tombstones that readers get of it."""

    community: Community
    outcome: Outcome

    @cached_property
    def answers(self) -> dict[Any, Any]:
        """What has been asked already (see `queries`)."""
        return {}

    @property
    def traces(self) -> Traces | None:
        """What remembers answers between builds, where anything does."""
        return self.community.traces
