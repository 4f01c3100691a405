"""Which answers and outputs of the build before still hold, and what each was made from.

A *leaf* is what stands in a file: a front matter, a body's text, a file's size. A *node* is made
from leaves and other nodes: the answer to a query, or an output. A node holds while everything that
it read has the digest that it had, and the clock stands where it gave the same answers. A query
that no longer holds is asked again: where the answer is the same, what was made from it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

from townsquare.reads import Frame, note

QUERY = "?"
"""How a query's name begins; an output's does not."""


class Node(NamedTuple):
    """What was made once: its digest, what it read, when the clock agrees, and its value as text.

    `reads` are numbers of `Memory.names`. `since` and `until` are seconds since 1970, and bound
    when the clock says the same. A query's `value` is its encoded answer, nothing where that has no
    text. An output's is what the next build must know of it without making it.
    """

    digest: str
    reads: list[int]
    since: float | None
    until: float | None
    value: str | None


class Memory:
    """What one build tells the next: names, each with the node of that name or a leaf's digest.

    Nodes are rows as JSON has them, in the order of `Node`, because nearly all of them are only
    looked over.
    """

    def __init__(
        self, names: list[str] | None = None, rows: list[list[Any] | str | None] | None = None
    ) -> None:
        self.names = names or []
        self.rows = rows or []
        self.numbers = dict(zip(self.names, range(len(self.names)), strict=True))

    def number(self, name: str) -> int:
        """The name's number, given now if it has none."""
        number = self.numbers.get(name)
        if number is None:
            number = self.numbers[name] = len(self.names)
            self.names.append(name)
            self.rows.append(None)
        return number


def digest(text: str | bytes) -> str:
    """What two equal texts have in common."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return sha256(data).hexdigest()[:24]


class Traces:
    """The nodes of the build before, held against what is there now, and those of this build.

    `leaves` knows what is there now; `asking` how queries are asked and written.
    """

    def __init__(self, leaves: Leaves, asking: Asking, now: datetime, before: Memory) -> None:
        self._leaves = leaves
        self._asking = asking
        self._now = now.timestamp()
        self._memory = before
        # Whether what a number stands for is what it was; nothing where nobody has asked yet.
        self._verdicts = self._first_verdicts()
        self._made: dict[int, Node] = {}
        self._answers: dict[str, Any] = {}

    def _first_verdicts(self) -> list[bool | None]:
        """What is told at once: all that neither a change nor the time reaches is as it was."""
        rows = self._memory.rows
        changed = self._changed()
        reached = {
            number
            for number, row in enumerate(rows)
            if isinstance(row, list) and not self._in_time(row[2], row[3])
        }
        grown = changed | reached
        while grown:
            grown = {
                number
                for number, row in enumerate(rows)
                if isinstance(row, list) and number not in reached and not grown.isdisjoint(row[1])
            }
            reached |= grown
        verdicts: list[bool | None] = [None if row is None else True for row in rows]
        for number in reached:
            verdicts[number] = None
        for number in changed:
            verdicts[number] = False
        return verdicts

    def _changed(self) -> set[int]:
        """The leaves that are not what they were."""
        names, rows = self._memory.names, self._memory.rows
        return {
            number
            for number in self._leaves.suspects(self._memory)
            if isinstance(rows[number], str) and rows[number] != self._leaves.digest(names[number])
        }

    def answer(self, name: str, make: Callable[[], Any]) -> Any:
        """The query's answer: this build's, else the one before where it holds, else a new one."""
        note(name)
        if name not in self._answers:
            value = self.value(name) if self.holds(name) else None
            if value is not None and name not in self._answers:
                # A text that is lost is made again.
                with suppress(LookupError):
                    self._answers[name] = self._asking.decode(value)
            if name not in self._answers:
                self._answer_anew(name, make)
        return self._answers[name]

    def keep(self, name: str, frame: Frame, value: str | None) -> None:
        """What was made under this name has read this; `value` is for the next build."""
        self._keep(name, digest(value or ""), frame, value)

    def value(self, name: str) -> str | None:
        """What is known of a node of this name."""
        number = self._memory.numbers.get(name)
        if number is None:
            return None
        made = self._made.get(number)
        return made.value if made else self._row(number)[4]

    def holds(self, name: str) -> bool:
        """Whether an answer or an output is what it was in the build before."""
        number = self._memory.numbers.get(name)
        return number is not None and self._holds(number)

    def forget(self, is_past: Callable[[str], bool]) -> None:
        """Nodes of such names are not remembered: what they made has been replaced."""
        for number, row in enumerate(self._memory.rows):
            if isinstance(row, list) and is_past(self._memory.names[number]):
                self._verdicts[number] = False

    def made(self) -> dict[str, Node]:
        """What was made in this build, by name."""
        return {self._memory.names[number]: node for number, node in self._made.items()}

    def join(self, made: dict[str, tuple[Node, list[str]]]) -> None:
        """What another process made, its reads by name."""
        for name, (node, reads) in made.items():
            numbers = [self._number(each) for each in reads]
            self._made[self._number(name)] = node._replace(reads=numbers)

    def told(self, since: dict[str, Node]) -> dict[str, tuple[Node, list[str]]]:
        """What was made but `since`, for the `join` of another process."""
        names = self._memory.names
        made = ((name, node) for name, node in self.made().items() if name not in since)
        return {name: (node, [names[each] for each in node.reads]) for name, node in made}

    def bounds(self) -> list[tuple[str, float | None, float | None]]:
        """From when to when each node holds whose maker asked the clock, by name."""
        names, verdicts = self._memory.names, self._verdicts
        found = [(names[n], node.since, node.until) for n, node in self._made.items()]
        for number, row in enumerate(self._memory.rows):
            if verdicts[number] and isinstance(row, list) and number not in self._made:
                found.append((names[number], row[2], row[3]))
        return [each for each in found if each[1] is not None or each[2] is not None]

    def memory(self, shortened: Callable[[str], str]) -> Memory:
        """What the next build is to know: what was made or holds, and the leaves that it read.

        `shortened` gives what stands for an answer in the memory. Afterwards nothing more is made.
        """
        names, rows = self._memory.names, self._memory.rows
        for number, verdict in enumerate(self._verdicts):
            if not verdict and number not in self._made:
                is_leaf = isinstance(rows[number], str)
                rows[number] = self._leaves.digest(names[number]) if is_leaf else None
        for number, node in self._made.items():
            value = node.value
            value = shortened(value) if value and names[number].startswith(QUERY) else value
            rows[number] = [node.digest, node.reads, node.since, node.until, value]
        for node in self._made.values():
            for number in node.reads:
                if rows[number] is None:
                    rows[number] = self._leaves.digest(names[number])
        return _compacted(names, rows)

    def _row(self, number: int) -> list[Any]:
        row = self._memory.rows[number]
        return row if isinstance(row, list) else ["", [], None, None, None]

    def _holds(self, number: int) -> bool:
        verdict = self._verdicts[number]
        if verdict is None:
            row = self._memory.rows[number]
            if isinstance(row, list):
                verdict = self._node_holds(number, row)
            else:
                verdict = row is not None and row == self._leaves.digest(self._memory.names[number])
            self._verdicts[number] = verdict
        return verdict

    def _node_holds(self, number: int, row: list[Any]) -> bool:
        if self._in_time(row[2], row[3]) and self._all_hold(row[1]):
            return True
        name = self._memory.names[number]
        return name.startswith(QUERY) and self._asked_again(number, name) == row[0]

    def _all_hold(self, numbers: list[int]) -> bool:
        verdicts = self._verdicts
        for number in numbers:
            verdict = verdicts[number]
            if verdict is None:
                verdict = self._holds(number)
            if not verdict:
                return False
        return True

    def _asked_again(self, number: int, name: str) -> str | None:
        # Before it is asked, so that asking does not come back here.
        self._verdicts[number] = False
        try:
            with Frame():
                self._asking.again(name)
        except Exception:
            # What it asks about may be gone. If it is not, whoever needs the answer will see why.
            return None
        made = self._made.get(number)
        return made.digest if made else None

    def _in_time(self, since: float | None, until: float | None) -> bool:
        return (since is None or self._now >= since) and (until is None or self._now < until)

    def _answer_anew(self, name: str, make: Callable[[], Any]) -> None:
        with Frame() as frame:
            answer = make()
        value = self._asking.encode(answer)
        self._answers[name] = answer
        self._keep(name, digest(repr(answer) if value is None else value), frame, value)

    def _keep(self, name: str, made: str, frame: Frame, value: str | None) -> None:
        number = self._number(name)
        frame.names.discard(name)
        known = self._memory.numbers
        reads = [known[n] if n in known else self._number(n) for n in frame.names]
        since, until = (each.timestamp() if each else None for each in (frame.since, frame.until))
        self._made[number] = Node(made, reads, since, until, value)
        row = self._memory.rows[number]
        self._verdicts[number] = isinstance(row, list) and row[0] == made

    def _number(self, name: str) -> int:
        number = self._memory.number(name)
        if number == len(self._verdicts):
            self._verdicts.append(None)
        return number


def _compacted(names: list[str], rows: list[list[Any] | str | None]) -> Memory:
    """The same without names that nothing is known of, where they are many."""
    if sum(row is None for row in rows) * 4 < len(rows):
        return Memory(names, rows)
    kept = [number for number, row in enumerate(rows) if row is not None]
    new = {number: at for at, number in enumerate(kept)}
    moved: list[list[Any] | str | None] = []
    for number in kept:
        row = rows[number]
        moved.append([row[0], [new[n] for n in row[1]], *row[2:]] if isinstance(row, list) else row)
    return Memory([names[number] for number in kept], moved)


class Leaves(Protocol):
    """What stands in files now."""

    def digest(self, name: str) -> str:
        """What two leaves have in common that say the same."""
        ...

    def suspects(self, memory: Memory) -> Iterable[int]:
        """The numbers of all leaves that may be another than the last build found."""
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
