"""Which answers and outputs of the build before still hold, and what each was made from.

A *leaf* is what stands in a file: a front matter, a body's text, a file's size. A *node* is made
from leaves and other nodes: the answer to a query, or an output. A node holds while everything that
it read has the digest that it had, and the clock stands where it gave the same answers. A query
that no longer holds is asked again: where the answer is the same, what was made from it holds.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any

from townsquare.answering import Asking, Leaves
from townsquare.memory import Damaged, Memory, Node, Span, joined, span_of
from townsquare.reads import Frame, note

QUERY = "?"
"""How a query's name begins; an output's does not."""

_LONG = 1000

Told = tuple[dict[str, int], list[tuple[int, Node]]]
"""What one process tells the other: names with their numbers, and nodes by number."""


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
        # Whether what a number stands for is what it was, where that is not sure; nothing where
        # nobody has asked yet.
        self._verdicts = self._reached()
        self._doubted = {before.name(number) for number in self._verdicts}
        self._made: dict[int, Node] = {}
        self._answers: dict[str, Any] = {}

    def _reached(self) -> dict[int, bool | None]:
        """All that a change or the time reaches: whatever else there is, is as it was."""
        memory = self._memory
        found: dict[int, bool | None] = dict.fromkeys(memory.expired(self._now))
        found |= dict.fromkeys(self._changed(), False)
        waiting = list(found)
        while waiting:
            new = [each for each in memory.readers(waiting.pop()) if each not in found]
            found |= dict.fromkeys(new)
            waiting += new
        return found

    def _changed(self) -> Iterator[int]:
        """The leaves that are not what they were."""
        for name in self._leaves.suspects():
            number = self._memory.find(name)
            row = None if number is None else self._memory.row(number)
            if number is not None and isinstance(row, str) and row != self._leaves.digest(name):
                yield number

    def answer(self, name: str, make: Callable[[], Any]) -> Any:
        """The query's answer: this build's, else the one before where it holds, else a new one."""
        note(name)
        if name in self._answers:
            return self._answers[name]
        value = self.value(name) if self.holds(name) or self._is_made(name) else None
        if name in self._answers:
            return self._answers[name]
        # A text that is lost is made again.
        with suppress(LookupError):
            if value is not None:
                return self._answered(name, self._asking.decode(value), value)
        return self._answer_anew(name, make)

    def _answered(self, name: str, answer: Any, value: str | None) -> Any:
        # Long texts are in their nodes already.
        if value is None or len(value) < _LONG or not issubclass(type(answer), str | tuple):
            self._answers[name] = answer
        return answer

    def _is_made(self, name: str) -> bool:
        number = self._memory.find(name)
        return number is not None and number in self._made

    def keep(self, name: str, frame: Frame, value: str | None) -> None:
        """What was made under this name has read this; `value` is for the next build."""
        self._keep(name, digest(value or ""), frame, value)

    def value(self, name: str) -> str | None:
        """What is known of a node of this name."""
        number = self._memory.find(name)
        if number is None:
            return None
        made = self._made.get(number)
        return made.value if made else self._row(number)[4]

    def holds(self, name: str) -> bool:
        """Whether an answer or an output is what it was in the build before."""
        number = self._memory.find(name)
        return number is not None and self._memory.row(number) is not None and self._holds(number)

    def still_holds(self, name: str) -> bool:
        """Whether what the build before has made under this name, for sure, is what it was."""
        return name not in self._doubted or self.holds(name)

    def forget(self, names: Iterable[str]) -> None:
        """Nodes of such names are not remembered: what they made has been replaced."""
        for name in names:
            number = self._memory.find(name)
            if number is not None:
                self._verdicts[number] = False

    def sofar(self) -> tuple[frozenset[int], int]:
        """What was made until now, for the `told` of a process that is forked then."""
        return frozenset(self._made), len(self._memory.numbers)

    def told(self, since: tuple[frozenset[int], int]) -> Told:
        """What was made since then, for the `join` of the process from which this was forked."""
        made, count = since
        names = dict(islice(self._memory.numbers.items(), count, None))
        return names, [pair for pair in self._made.items() if pair[0] not in made]

    def join(self, told: Told) -> None:
        """What another process made, with its numbers for names that were new to it."""
        names, made = told
        moved = {
            theirs: own for name, theirs in names.items() if (own := self._number(name)) != theirs
        }
        for theirs, node in made:
            reads = (
                array("I", [moved.get(each, each) for each in node.reads]) if moved else node.reads
            )
            self._know(moved.get(theirs, theirs), node._replace(reads=reads))
            self._trust(reads)

    def _trust(self, numbers: Iterable[int]) -> None:
        """What another process found to hold and did not make anew holds, with all it was made of.

        Were it forgotten, what it was made into would be taken to hold for ever.
        """
        waiting = [*numbers]
        while waiting:
            number = waiting.pop()
            if self._verdicts.get(number, True) is not None or number in self._made:
                continue
            row = self._memory.row(number)
            if isinstance(row, list):
                self._verdicts[number] = True
                waiting += row[1]

    def span(self) -> Span:
        """From when to when the clock says the same of all that was made or holds."""
        name = self._memory.name
        others = {number for number, verdict in self._verdicts.items() if not verdict}
        made = (span_of(name(n), each.since, each.until) for n, each in self._made.items())
        return joined([self._memory.span(but=others | self._made.keys()), *made])

    def remembered(self, shortened: Callable[[str], str]) -> Memory:
        """What the next build is to know: what was made or holds, and the leaves that it read.

        `shortened` gives what stands for an answer in the memory. Afterwards nothing more is made.
        """
        memory = self._memory
        for number, verdict in self._verdicts.items():
            if not verdict and number not in self._made:
                is_leaf = isinstance(memory.row(number), str)
                memory.set(number, self._leaves.digest(memory.name(number)) if is_leaf else None)
        for number, node in self._made.items():
            value = node.value
            if value and memory.name(number).startswith(QUERY):
                value = shortened(value)
            memory.set(number, [node.digest, node.reads, node.since, node.until, value])
        for node in self._made.values():
            for number in memory.unknown(node.reads):
                memory.set(number, self._leaves.digest(memory.name(number)))
        memory.settle()
        return memory

    def _row(self, number: int) -> list[Any]:
        row = self._memory.row(number)
        return row if isinstance(row, list) else ["", [], None, None, None]

    def _holds(self, number: int) -> bool:
        verdict = self._verdicts.get(number, True)
        if verdict is None:
            row = self._memory.row(number)
            verdict = isinstance(row, list) and self._node_holds(number, row)
            self._verdicts[number] = verdict
        return verdict

    def _node_holds(self, number: int, row: list[Any]) -> bool:
        doubtful = [each for each in row[1] if each in self._verdicts]
        in_time = Span(row[2], row[3]).holds(self._now)
        if in_time and all(self._holds(each) for each in doubtful):
            return True
        name = self._memory.name(number)
        return name.startswith(QUERY) and self._asked_again(number, name) == row[0]

    def _asked_again(self, number: int, name: str) -> str | None:
        # Before it is asked, so that asking does not come back here.
        self._verdicts[number] = False
        try:
            with Frame():
                self._asking.again(name)
        except Damaged:
            raise
        except Exception:
            # What it asks about may be gone. If it is not, whoever needs the answer will see why.
            return None
        made = self._made.get(number)
        return made.digest if made else None

    def _answer_anew(self, name: str, make: Callable[[], Any]) -> Any:
        with Frame() as frame:
            answer = make()
        value = self._asking.encode(answer)
        self._keep(name, digest(repr(answer) if value is None else value), frame, value)
        return self._answered(name, answer, value)

    def _keep(self, name: str, made: str, frame: Frame, value: str | None) -> None:
        frame.names.discard(name)
        number, known = self._number(name), self._memory.numbers
        numbers = [known[each] if each in known else self._number(each) for each in frame.names]
        since, until = (each.timestamp() if each else None for each in (frame.since, frame.until))
        self._know(number, Node(made, array("I", numbers), since, until, value))

    def _know(self, number: int, node: Node) -> None:
        self._made[number] = node
        row = self._memory.row(number)
        self._verdicts[number] = isinstance(row, list) and row[0] == node.digest

    def _number(self, name: str) -> int:
        number = self._memory.find(name)
        if number is None:
            number = self._memory.named(name)
            self._verdicts[number] = False
        return number
