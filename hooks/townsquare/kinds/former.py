"""Former texts of guidelines: guidelines/archive/ID/VERSION.md."""

from typing import Annotated

from townsquare.fields import Doc, record
from townsquare.kinds.guideline import Rung
from townsquare.model import Day, Fields, Kind, Line, below


@record
class Former(Fields):
    """A guideline's text as it once stood, so that its history does not depend on git's depth."""

    version: Annotated[Line, Doc("The version that this text was.", "1.0")]
    effective: Annotated[Day | None, Doc("From when it held.", "2025-03-01")] = None
    ladder: Annotated[tuple[Rung, ...], Doc("What followed what, where it said so.")] = ()


def named_with_its_document(path: str) -> str:
    """`code-of-conduct-2.0.0`: versions repeat from one document to the next."""
    return "-".join(path.removesuffix(".md").split("/")[-2:])


def of_its_document(path: str) -> tuple[str, str]:
    """The guideline whose text it was."""
    return "guideline", path.split("/")[-2]


KIND = Kind(
    name="former",
    fields=Former,
    matches=below("guidelines/archive/"),
    template="former.html",
    folder="guidelines/archive",
    section="guidelines",
    id_of=named_with_its_document,
    part_of=of_its_document,
)
