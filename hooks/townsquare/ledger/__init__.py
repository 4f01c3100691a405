"""The published site's memory: which ids, addresses and revisions readers already hold."""

from townsquare.ledger.advance import advance
from townsquare.ledger.document import FILE, decode, encode, fingerprint
from townsquare.ledger.entries import Renamed, first_known, renamed, reused, shown_entry
from townsquare.ledger.previous import forgotten, grown_from, load
from townsquare.ledger.records import (
    Beginning,
    Component,
    ComponentKey,
    KnownComponent,
    KnownEntry,
    Ledger,
    Outcome,
    Previous,
    Removed,
    Revision,
    ShownEntry,
)
from townsquare.ledger.revisions import first_component, overrides_to_keep

__all__ = [
    "FILE",
    "Beginning",
    "Component",
    "ComponentKey",
    "KnownComponent",
    "KnownEntry",
    "Ledger",
    "Outcome",
    "Previous",
    "Removed",
    "Renamed",
    "Revision",
    "ShownEntry",
    "advance",
    "decode",
    "encode",
    "fingerprint",
    "first_component",
    "first_known",
    "forgotten",
    "grown_from",
    "load",
    "overrides_to_keep",
    "renamed",
    "reused",
    "shown_entry",
]
