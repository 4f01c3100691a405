"""Work that several processes share: all of it is done, or none of them goes on."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from townsquare.upkeep import crew

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="shared on Linux only")
TASKS = list(range(3 * crew._WORTH_SHARING))


class Failed(Exception):
    """What goes wrong in one of the processes."""


@pytest.fixture
def children(monkeypatch) -> list[int]:
    """The processes that were begun, of three that share the work."""
    monkeypatch.setattr(crew, "_cores", lambda: 3)
    begun, fork = [], os.fork

    def noted() -> int:
        pid = fork()
        if pid:
            begun.append(pid)
        return pid

    monkeypatch.setattr(os, "fork", noted)
    return begun


def are_over(children: list[int]) -> bool:
    """Whether all of them, two beside this one, have ended and been heard of."""
    for pid in children:
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            continue
        return False
    return len(children) == 2


def test_every_task_is_done_once_and_in_its_part(children):
    found = crew.shared([*TASKS], lambda part: (os.getpid(), list(part)))
    assert sorted(task for _, part in found for task in part) == TASKS
    assert len({pid for pid, _ in found}) == 3
    assert found[0][1] == TASKS[::3]
    assert are_over(children)


@pytest.mark.parametrize("who", [0, 1])
def test_where_one_fails_no_other_goes_on_writing(tmp_path: Path, children: list[int], who: int):
    def work(part):
        if part[0] == who:
            time.sleep(0.05)
            raise Failed
        number = 0
        while part[0] != 0 or number == 0:
            number += 1
            (tmp_path / f"{part[0]}-{number % 50}").write_text("x")
        return number

    with pytest.raises(Failed):
        crew.shared([*TASKS], work)
    assert are_over(children)
    for file in tmp_path.iterdir():
        file.unlink()
    time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []


def test_a_helper_that_dies_is_said(children):
    def work(part):
        if part[0] == 1:
            os._exit(3)
        return list(part)

    with pytest.raises(RuntimeError, match="died"):
        crew.shared([*TASKS], work)
    assert are_over(children)
