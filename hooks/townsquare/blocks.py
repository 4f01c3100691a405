"""Python-Markdown's block parser, asking only processors that may take the block.

The stock parser asks some twenty processors, most of which search the whole block, though nearly
every block is a plain paragraph.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from markdown.blockparser import BlockParser

# How one of a block's lines must begin for a processor to take the block. Each follows from what
# the processor searches for; one that is not named here is always asked.
_BEGINNINGS: dict[str, frozenset[str]] = {
    "abbr": frozenset("*"),
    "admonition": frozenset(" !"),
    "arithmatex-block": frozenset("$\\"),
    "code": frozenset(" "),
    "defindent": frozenset(" "),
    "deflist": frozenset(" :"),
    "details": frozenset(" ?"),
    "empty": frozenset({""}),
    "footnote": frozenset(" ["),
    "hashheader": frozenset("#"),
    "hr": frozenset(" -_*"),
    "indent": frozenset(" "),
    "markdown_block": frozenset("\x02"),
    "quote": frozenset(" >"),
    "reference": frozenset(" ["),
    "setextheader": frozenset("=-"),
    "tabbed": frozenset(" ="),
    "ulist": frozenset(" *+-"),
}
_ANY = frozenset[str]().union(*_BEGINNINGS.values())


class GuardedBlockParser(BlockParser):
    """A block parser in another's place, with its processors."""

    def __init__(self, stock: BlockParser) -> None:
        super().__init__(stock.md)
        self.blockprocessors: Any = stock.blockprocessors
        for processor in self.blockprocessors:
            processor.parser = self
        self._asked: dict[tuple[frozenset[str], bool], list[Any]] = {}

    def processors_changed(self) -> None:
        """Forget which processors to ask: others have been registered."""
        self._asked.clear()

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:  # noqa: N802 — the name that Markdown calls
        """Give each block to the first processor that takes it."""
        while blocks:
            for processor in self._to_ask(blocks[0]):
                if processor.test(parent, blocks[0]) and processor.run(parent, blocks) is not False:
                    break

    def _to_ask(self, block: str) -> list[Any]:
        """The processors that may take this block, in order."""
        beginnings = _ANY.intersection([line[:1] for line in block.split("\n")])
        key = beginnings, "|" in block
        found = self._asked.get(key)
        if found is None:
            found = self._asked[key] = self._fitting(*key)
        return found

    def _fitting(self, beginnings: frozenset[str], piped: bool) -> list[Any]:  # noqa: FBT001 — the parts of one key
        processors: list[Any] = list(self.blockprocessors)
        left_out = {n for n, needed in _BEGINNINGS.items() if beginnings.isdisjoint(needed)}
        if not piped:
            left_out.add("table")
        for name in left_out:
            if name in self.blockprocessors:
                processors[self.blockprocessors.get_index_for_name(name)] = None
        return [each for each in processors if each is not None]
