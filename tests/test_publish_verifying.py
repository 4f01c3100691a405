"""What is read back after a publish: a fault is told, a later site of somebody else is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from published_sites import NOW, site

from townsquare.problems import SetupError
from townsquare.publish import command, published
from townsquare.publish.target import Site


class Host:
    """A host that gives these files, whatever was sent."""

    name = "the host"

    def __init__(self, gives: Site, spoilt: str = "") -> None:
        self.gives, self.spoilt = gives, spoilt

    def read(self, path: str) -> bytes | None:
        return published.in_folder(self.gives.folder)(path)

    def digests(self, paths: Sequence[str]) -> Mapping[str, str]:
        files = self.gives.published.files
        return {path: files[path] for path in paths if path in files and path != self.spoilt}


def test_what_is_not_as_it_was_sent_is_told(tmp_path):
    sent = site(tmp_path / "sent")
    paths = sorted(sent.published.files)
    command._verify(Host(sent), sent, paths)
    with pytest.raises(SetupError, match=r"does not hold blog/post/index.html as it was sent"):
        command._verify(Host(sent, "blog/post/index.html"), sent, paths)


def test_a_later_site_is_for_its_own_publisher_to_verify(tmp_path, capsys):
    sent = site(tmp_path / "sent")
    later = site(tmp_path / "later", {"index.html": b"later"}, now=NOW + timedelta(hours=1))
    command._verify(Host(later), sent, sorted(sent.published.files))
    assert "a later site" in capsys.readouterr().err
