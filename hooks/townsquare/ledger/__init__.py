"""The published site's memory: which ids, addresses and revisions readers already hold."""

from townsquare.ledger.records import Component, Revision

__all__ = ["Component", "Revision"]
