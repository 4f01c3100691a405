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


@pytest.fixture(autouse=True)
def three_cores(monkeypatch):
    monkeypatch.setattr(crew, "_cores", lambda: 3)


def no_child_is_left() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


def test_every_task_is_done_once_and_in_its_part():
    found = crew.shared(TASKS, lambda part: (os.getpid(), list(part)))
    assert sorted(task for _, part in found for task in part) == TASKS
    assert len({pid for pid, _ in found}) == 3
    assert found[0][1] == TASKS[::3]
    assert no_child_is_left()


@pytest.mark.parametrize("who", [0, 1])
def test_where_one_fails_no_other_goes_on_writing(tmp_path: Path, who: int):
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
        crew.shared(TASKS, work)
    assert no_child_is_left()
    for file in tmp_path.iterdir():
        file.unlink()
    time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []


def test_a_helper_that_dies_is_said(tmp_path):
    def work(part):
        if part[0] == 1:
            os._exit(3)
        return list(part)

    with pytest.raises(RuntimeError, match="died"):
        crew.shared(TASKS, work)
    assert no_child_is_left()
