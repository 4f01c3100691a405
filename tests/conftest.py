"""What every test may ask for, and how long the long versions are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from judges import browser, installed

# Derandomised: a test that passed on a change passes on the next run of the same change.
settings.register_profile("short", derandomize=True, deadline=None, database=None, max_examples=60)
settings.register_profile("full", deadline=None, print_blob=True, max_examples=2000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="the long versions: more of everything")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("full" if config.getoption("--full") else "short")


LONGEST = (
    *("upkeep", "browser", "publish", "metadata_payloads", "setup", "publish_storage"),
    *("end_to_end", "holding_up", "upkeep_receipt", "workflows", "generated"),
)
"""Files of tests that take long: begun first, so that no worker is at one while the other waits."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {f"test_{name}": number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("full") and not item.config.getoption("--full"):
        pytest.skip("a long version: python scripts/test.py --full")


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether this run is the long one."""
    return request.config.getoption("--full")


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return installed.ROOT


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real communities beside the repository, which is not part of it."""
    folder = installed.ROOT.parent / "shared" / "corpora"
    if not folder.is_dir():
        pytest.skip("no ../shared/corpora: real communities were not built")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[browser.Chromium]:
    """A running Chromium, one for the session."""
    with browser.chromium() as running:
        yield running
