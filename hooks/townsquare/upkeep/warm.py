"""The builder behind the preview: it builds whenever it is told to, and forgets nothing.

Each line on standard input asks for a build of the community in the first argument's folder into
the second's. Each answer is one line of JSON: what a build says, and whether it failed.
"""

from __future__ import annotations

import gc
import io
import json
import sys
import time
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from townsquare import commands, formats, publication
from townsquare.clock import started
from townsquare.problems import SetupError
from townsquare.upkeep import session, snapshot, theming
from townsquare.upkeep.state import State


class Warm:
    """What is known from one build to the next."""

    def __init__(self, root: Path, out: Path) -> None:
        self._root = root
        self._out = out
        self._before: State | None = None

    def build(self) -> tuple[str, bool]:
        """What is said of the build, and whether it failed."""
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            try:
                failed = self._built()
            except SetupError as error:
                sys.stdout.write(f"townsquare: {error}\n")
                failed = True
            except Exception:
                # A bug of ours, or the files changed while they were read: nothing is known.
                self._before, failed = None, True
                traceback.print_exc()
        return said.getvalue(), failed

    def _built(self) -> bool:
        begun = time.monotonic()
        now, found = started(), snapshot.taken(str(self._root))
        checked = session.check(found, now=now, out=self._out, strict=False, before=self._before)
        if checked is None:
            return self._plainly()
        if checked.errors:
            sys.stdout.write(formats.written("text", checked.problems, self._root))
            return True
        try:
            done = session.build(checked, self._out)
        except theming.ForeignTheme:
            return self._plainly()
        self._before = done.state
        sys.stdout.write(formats.written("text", done.built.problems, self._root))
        publication.announce(done.built, self._out, seconds=time.monotonic() - begun)
        return False

    def _plainly(self) -> bool:
        code = commands.build(
            self._root,
            self._out,
            now=started(),
            previous=None,
            first_publish=False,
            forget=(),
            preview=False,
            strict=False,
            keep_going=False,
            search=False,
            form="text",
        )
        return code != 0


def main() -> None:
    """Builds for each line on standard input, until it ends."""
    gc.set_threshold(100_000, 50, 100)
    warm = Warm(Path(sys.argv[1]), Path(sys.argv[2]))
    for _ in sys.stdin:
        said, failed = warm.build()
        # There is one: whoever started this process reads it.
        sys.__stdout__.write(json.dumps({"said": said, "failed": failed}) + "\n")  # type: ignore[union-attr]
        sys.__stdout__.flush()  # type: ignore[union-attr]


if __name__ == "__main__":
    main()
