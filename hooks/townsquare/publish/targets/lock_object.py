"""A lock in a bucket: an object that one publisher at a time may write.

Storage that honours `If-None-Match` and `If-Match` on PUT (RFC 9110 §13.1) lets exactly one of many
writers win. Who holds the lock writes it anew every minute; one that nobody wrote for five minutes,
by the storage's own clock, was left by a publish that was killed, and is taken over.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta

from townsquare.problems import SetupError
from townsquare.publish.targets import releases
from townsquare.publish.targets.bucket import Bucket

BEAT = 60.0
"""Seconds between two writings of a lock that is held."""
EXPIRY = timedelta(minutes=5)
POLL = 2.0


class LockObject:
    """The lock that stands at a path of a bucket."""

    def __init__(self, bucket: Bucket, path: str) -> None:
        self._bucket = bucket
        self._path = path
        self._own = uuid.uuid4().hex.encode()
        self._tag = ""
        self._over = threading.Event()
        self._lost = False
        # By the clock that goes on while the machine sleeps.
        self._written = 0.0

    @contextmanager
    def held(self) -> Generator[None]:
        """Nobody else writes meanwhile; SetupError where another goes on doing so."""
        self._take()
        beating = threading.Thread(target=self._beat, daemon=True)
        beating.start()
        try:
            yield
        finally:
            self._over.set()
            beating.join()
            if not self._lost:
                self._bucket.delete_own(self._path, self._tag)

    def refuse_lost(self) -> None:
        """SetupError where somebody else may have taken the lock over, as after a long sleep."""
        if self._lost or time.time() - self._written > EXPIRY.total_seconds() - BEAT:
            raise SetupError("another publish may have taken over meanwhile: run it again")

    def _take(self) -> None:
        until = time.monotonic() + releases.WAIT
        while not (self._write(IfNoneMatch="*") or self._taken_over()):
            if time.monotonic() > until:
                raise SetupError("another publish goes on there: wait for it to end")
            time.sleep(POLL)
        if self._write(IfNoneMatch="*"):
            raise SetupError(
                "this storage lets two publishers write at once: it must honour `If-None-Match` "
                "(Amazon S3, Cloudflare R2, MinIO and Ceph do)"
            )

    def _taken_over(self) -> bool:
        """Whether a lock was there that a killed publish had left, and is ours now."""
        held = self._bucket.age(self._path)
        return held is not None and held[1] > EXPIRY and self._write(IfMatch=held[0])

    def _beat(self) -> None:
        while not self._over.wait(BEAT):
            try:
                self._lost = not self._write(IfMatch=self._tag)
            except SetupError:
                continue  # the network may be back in time; `refuse_lost` knows how long it took
            if self._lost:
                return

    def _write(self, **condition: str) -> bool:
        begun = time.time()
        tag = self._bucket.put(self._path, self._own, **condition)
        if tag is None:
            return False
        self._tag, self._written = tag, begun
        return True
