"""Publishing to S3-compatible storage: in a safe order, by one at a time, finished after a kill."""

from __future__ import annotations

import json
import os
import posixpath
import random
import re
import signal
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from publishing import Commons, files, raced, two_sites

from judges import servers
from townsquare.problems import SetupError
from townsquare.publish import headers
from townsquare.publish.targets import lock_object, storage
from townsquare.publish.targets.bucket import Bucket
from townsquare.publish.targets.lock_object import LockObject

BUCKET, PREFIX = "community", "our site"
WORDS = f"s3://{BUCKET}/{PREFIX}"


class Store:
    """Storage of somebody else's making, and what it was asked."""

    def __init__(self, address: str, log: Path) -> None:
        self.address, self.log = address, log
        self.variables = {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "very secret",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        own = {"aws_access_key_id": "key", "aws_secret_access_key": "very secret"}
        self.client: Any = boto3.client("s3", endpoint_url=address, region_name="us-east-1", **own)

    def empty(self) -> None:
        """The bucket is there and holds nothing."""
        with suppress(self.client.exceptions.BucketAlreadyOwnedByYou):
            self.client.create_bucket(Bucket=BUCKET)
        for key in self.all_keys():
            self.client.delete_object(Bucket=BUCKET, Key=key)

    def hold(self, files: dict[str, bytes]) -> None:
        """These are the objects below the prefix, and no others."""
        for key in set(self.all_keys()) - {f"{PREFIX}/{path}" for path in files}:
            self.client.delete_object(Bucket=BUCKET, Key=key)
        for path, data in files.items():
            self.client.put_object(Bucket=BUCKET, Key=f"{PREFIX}/{path}", Body=data)

    def all_keys(self) -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return [item["Key"] for page in pages for item in page.get("Contents", ())]

    def held(self) -> dict[str, bytes]:
        """What stands below the prefix, our own objects apart."""
        paths = (key.removeprefix(f"{PREFIX}/") for key in self.all_keys())
        return {path: self.get(path) for path in paths if not path.startswith(storage.OWN)}

    def get(self, path: str) -> bytes:
        return self.client.get_object(Bucket=BUCKET, Key=f"{PREFIX}/{path}")["Body"].read()

    def asked(self, since: int = 0) -> list[str]:
        """Requests in order, as `PUT path`, from a place in the log on."""
        found = re.findall(r'"(\w+) /(\S*) HTTP', self.log.read_text()[since:])
        at = f"{BUCKET}/{PREFIX.replace(' ', '%20')}/"
        return [f"{verb} {path.removeprefix(at)}" for verb, path in found]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with servers.s3(tmp_path_factory.mktemp("s3") / "moto") as reached:
        yield Store(*reached)


@pytest.fixture
def store(server: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    for name, text in server.variables.items():
        monkeypatch.setenv(name, text)
    server.empty()
    return server


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Commons, Path, Path]:
    return two_sites(tmp_path_factory.mktemp("sites"))


def published(commons: Commons, *options: str | Path) -> str:
    code, said = commons.publish(WORDS, *options)
    assert code == 0, said
    return said


def refused(commons: Commons, *options: str | Path, words: str = WORDS, code: int = 2) -> str:
    found, said = commons.publish(words, *options)
    assert (found, "Traceback" in said, "very secret" in said) == (code, False, False), said
    return said


def test_a_site_is_sent_whole_and_then_only_what_changed(store, sites):
    commons, old, new = sites
    assert "add `--first-publish`" in refused(commons)
    published(commons, "--site", old, "--first-publish")
    assert store.held() == files(old)
    begun = store.log.stat().st_size
    published(commons, "--site", new)
    assert store.held() == files(new)
    before, after = files(old), files(new)
    changed = {path for path, data in after.items() if before.get(path) != data}
    own = (storage.NEXT, storage.LOCK)
    sent = [line.split(" ")[1] for line in store.asked(begun) if line.startswith("PUT ")]
    assert {path for path in sent if path not in own} == changed
    assert not [key for key in store.all_keys() if storage.OWN in key]


def test_a_publish_builds_from_what_readers_hold(store, tmp_path):
    commons = Commons(tmp_path / "community")
    published(commons, "--first-publish")
    commons.commit()
    published(commons)
    assert store.get("events.ics").count(b"SEQUENCE:1") == 1
    assert "same site" in published(commons, "--when-due", "--now", "2026-11-23T12:00:00Z")


def test_nothing_leads_to_what_is_not_there_yet_and_what_goes_goes_last(store, sites):
    commons, old, new = sites
    published(commons, "--site", old, "--first-publish")
    store.client.put_object(Bucket=BUCKET, Key=f"{PREFIX}/assets/gone.css", Body=b"")
    begun = store.log.stat().st_size
    published(commons, "--site", new)
    asked = store.asked(begun)
    sent = [line.split(" ")[1] for line in asked if line.startswith("PUT ")]
    assert sent.index(storage.NEXT) == 2  # after the lock, and the question whether it locks
    order = [storage._stage(path) for path in sent[3:] if path != storage.LOCK]
    assert order == sorted(order) and set(order) >= {1, 2, 3}
    assert sent[-3:] == ["SHA256SUMS", "ledger.json", "build.json"]
    gone = [number for number, line in enumerate(asked) if line.startswith("POST ")]
    assert min(gone) > asked.index("PUT build.json")
    assert store.held() == files(new)


def test_readers_are_told_what_each_object_is(store, sites):
    commons, old, _ = sites
    published(commons, "--site", old, "--first-publish")
    policy = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}]}
    store.client.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))
    for path in files(old):
        address = f"{store.address}/{BUCKET}/{PREFIX.replace(' ', '%20')}/{path}"
        with urllib.request.urlopen(address, timeout=10) as answer:
            assert answer.headers["Content-Type"] == headers.content_type(path)
            assert answer.headers["Cache-Control"] == headers.cache_control(path)


def test_what_is_not_ours_is_left_alone(store, sites):
    commons, old, _ = sites
    store.client.put_object(Bucket=BUCKET, Key=f"{PREFIX}/thesis.txt", Body=b"years of work")
    said = refused(commons, "--site", old, "--first-publish")
    assert "holds something else" in said
    assert store.all_keys() == [f"{PREFIX}/thesis.txt"]


def test_what_storage_refuses_is_told_in_one_line(store, sites, monkeypatch):
    commons, old, _ = sites
    said = refused(commons, "--site", old, "--first-publish", words="s3://nobody-s-bucket/x")
    assert "NoSuchBucket" in said
    assert "names no bucket" in refused(commons, words="s3:///x")
    assert "revert the commit" in refused(commons, "--rollback")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{servers.free_port()}")
    assert "cannot be asked" in refused(commons)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert "Unable to locate credentials" in refused(commons)


def test_a_killed_publish_is_finished_by_the_next_one(store, sites, full):
    commons, old, new = sites
    before, after = files(old), files(new)
    chance, times, states = random.Random(7), 50 if full else 5, set[str]()
    published(commons, "--site", old, "--first-publish")
    begun = time.monotonic()
    published(commons, "--site", new)
    long = time.monotonic() - begun
    for _ in range(times):
        store.hold(before)
        process = commons.publishing(WORDS, "--site", new)
        time.sleep(chance.uniform(long / 3, long))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        held = store.held()
        states.add("old" if held == before else "new" if held == after else "between")
        assert all(data in (before.get(path), after.get(path)) for path, data in held.items())
        assert_leads_nowhere_wrong(held)
        left_behind(store)
        published(commons, "--site", new)
        assert store.held() == after
        assert not [key for key in store.all_keys() if storage.OWN in key]


def assert_leads_nowhere_wrong(held: dict[str, bytes]) -> None:
    """Every page finds its style sheets, scripts and pictures."""
    for path, data in held.items():
        if path.endswith("index.html"):
            for found in re.findall(rb'(?:src|href)="([^":]*assets/[^"]+)"', data):
                wanted = posixpath.normpath(f"{posixpath.dirname(path)}/{found.decode()}")
                wanted = wanted.lstrip("/")
                assert wanted in held, (path, wanted)


def left_behind(store: Store) -> None:
    """The lock of a killed publish, if there is one, is as if it was left long ago."""
    with suppress(store.client.exceptions.ClientError):
        store.client.delete_object(Bucket=BUCKET, Key=f"{PREFIX}/{storage.LOCK}")


def test_revisions_that_a_killed_publish_gave_out_are_never_given_out_again(store, tmp_path):
    """Calendars may have seen some of it: the next site grows from what it was to be."""
    commons = Commons(tmp_path / "community")
    published(commons, "--first-publish")
    commons.commit()
    first = copied(store, tmp_path / "first")
    site = commons.built(tmp_path / "lost", "--previous", first)
    assert (site / "events.ics").read_bytes().count(b"SEQUENCE:1") == 1
    begun = {path: (site / path).read_text() for path in storage.LAST}
    key = f"{PREFIX}/{storage.NEXT}"
    store.client.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(begun).encode())
    commons.commit()
    published(commons)
    assert store.get("events.ics").count(b"SEQUENCE:2") == 1


def copied(store: Store, folder: Path) -> Path:
    for path, data in store.held().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def test_raced_publishes_end_with_the_newest(store, tmp_path, full):
    commons = Commons(tmp_path / "community")
    published(commons, "--first-publish")
    commits = raced(commons, tmp_path, WORDS, many=20 if full else 4)
    assert json.loads(store.get("build.json"))["commit"] == commits[-1]
    sums = [line.split("  ", 1) for line in store.get("SHA256SUMS").decode().splitlines()]
    assert {path for _, path in sums} | {"build.json", "SHA256SUMS"} == set(store.held())


@contextmanager
def impatient(monkeypatch: pytest.MonkeyPatch, **changed: object) -> Iterator[None]:
    with monkeypatch.context() as patched:
        for name, what in changed.items():
            patched.setattr(lock_object if name != "WAIT" else lock_object.releases, name, what)
        yield


def test_a_lock_is_held_by_one_and_taken_over_when_it_was_left(store, monkeypatch):
    bucket = Bucket(BUCKET, f"{PREFIX}/")
    with LockObject(bucket, storage.LOCK).held():
        with (
            impatient(monkeypatch, WAIT=0, POLL=0),
            pytest.raises(SetupError, match="goes on"),
            LockObject(bucket, storage.LOCK).held(),
        ):
            pass
        with (
            impatient(monkeypatch, EXPIRY=timedelta(seconds=-1)),
            LockObject(bucket, storage.LOCK).held(),
        ):
            pass
    assert bucket.tags() == {}


def test_who_lost_the_lock_stops_and_leaves_it_to_its_holder(store, monkeypatch):
    bucket = Bucket(BUCKET, f"{PREFIX}/")
    with impatient(monkeypatch, BEAT=0.05):
        slept = LockObject(bucket, storage.LOCK)
        with slept.held():
            slept.refuse_lost()
            bucket.put(storage.LOCK, b"somebody else's")
            time.sleep(0.5)
            with pytest.raises(SetupError, match="may have taken over"):
                slept.refuse_lost()
    assert bucket.get(storage.LOCK) == b"somebody else's"


def test_a_lock_that_is_held_for_long_is_written_anew(store, monkeypatch):
    bucket = Bucket(BUCKET, f"{PREFIX}/")
    with impatient(monkeypatch, BEAT=0.05), LockObject(bucket, storage.LOCK).held():
        begun = store.log.stat().st_size
        time.sleep(0.6)
        assert len([line for line in store.asked(begun) if line.startswith("PUT")]) > 2


def test_storage_that_locks_nobody_out_is_refused(store, monkeypatch):
    put = Bucket.put

    def anyhow(self: Bucket, path: str, data: bytes, **said: str) -> str | None:
        said.pop("IfNoneMatch", None)
        return put(self, path, data, **said)

    monkeypatch.setattr(Bucket, "put", anyhow)
    lock = LockObject(Bucket(BUCKET, ""), storage.LOCK)
    with pytest.raises(SetupError, match="must honour `If-None-Match`"), lock.held():
        pass
