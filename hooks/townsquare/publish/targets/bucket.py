"""Objects below a prefix of a bucket, by their paths from there. The only module that knows boto3.

Whatever the storage refuses is a SetupError, in which nothing stands that opens it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from importlib import import_module
from typing import Any, TypeVar

from townsquare.problems import SetupError
from townsquare.values import value

AT_ONCE = 8
"""How many requests are under way at a time."""
_MOST_DELETED = 1000
_NOTHING = ("NoSuchKey", "404")
# What other storages than Amazon's call it stands beside.
_NOT_SO = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")

R = TypeVar("R")


@value
class Bucket:
    """A bucket, by its name, and a prefix, which is empty or ends with a slash."""

    bucket: str
    prefix: str

    @property
    def name(self) -> str:
        """As its address is written."""
        return f"s3://{self.bucket}/{self.prefix}"

    def get(self, path: str) -> bytes | None:
        """What the object holds; nothing where there is none."""

        def got() -> bytes:
            return self._client.get_object(**self._at(path))["Body"].read()

        return self._asked(got, but=_NOTHING)

    def put(self, path: str, data: bytes, **said: str) -> str | None:
        """The object holds the data from now on; gives its ETag.

        Nothing where a condition (`IfMatch`, `IfNoneMatch`) does not hold. The storage compares
        what came with its digest.
        """
        digest = base64.b64encode(md5(data).digest()).decode()

        def sent() -> str:
            return self._client.put_object(**self._at(path), Body=data, ContentMD5=digest, **said)[
                "ETag"
            ]

        return self._asked(sent, but=(*_NOT_SO, *_NOTHING))

    def age(self, path: str) -> tuple[str, timedelta] | None:
        """The object's ETag and how old it is by the storage's own clock; nothing without one."""
        held = self._asked(lambda: self._client.head_object(**self._at(path)), but=_NOTHING)
        if held is None:
            return None
        now = parsedate_to_datetime(held["ResponseMetadata"]["HTTPHeaders"]["date"])
        return held["ETag"], now - held["LastModified"]

    def tags(self) -> dict[str, str]:
        """The ETag of every object. It is an MD5 unless the storage encrypts."""
        pages = self._client.get_paginator("list_objects_v2")

        def listed() -> list[Any]:
            each = pages.paginate(Bucket=self.bucket, Prefix=self.prefix)
            return [item for page in each for item in page.get("Contents", ())]

        items = self._asked(listed) or []
        return {item["Key"].removeprefix(self.prefix): item["ETag"].strip('"') for item in items}

    def delete(self, paths: Iterable[str]) -> None:
        """The objects are gone."""
        keys = [self.prefix + path for path in paths]
        for at in range(0, len(keys), _MOST_DELETED):
            some = [{"Key": key} for key in keys[at : at + _MOST_DELETED]]
            what = {"Objects": some, "Quiet": True}
            done: Any = self._asked(
                lambda what=what: self._client.delete_objects(Bucket=self.bucket, Delete=what)
            )
            if faults := done.get("Errors"):
                raise SetupError(f"{self.name} keeps {faults[0]['Key']}: {faults[0]['Code']}")

    def delete_own(self, path: str, tag: str) -> None:
        """The object is gone if it is the one of this ETag."""
        condition = {**self._at(path), "IfMatch": tag}
        self._asked(lambda: self._client.delete_object(**condition), but=(*_NOT_SO, *_NOTHING))

    def _at(self, path: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": self.prefix + path}

    @cached_property
    def _client(self) -> Any:
        config = _library("botocore.config").Config(
            # Other makers' storage does not know the newest ways to send a checksum.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            retries={"mode": "standard", "max_attempts": 5},
            max_pool_connections=AT_ONCE + 2,
        )
        return _library("boto3").client("s3", config=config)

    def _asked(self, ask: Callable[[], R], but: tuple[str, ...] = ()) -> R | None:
        """What the storage answers; nothing where it refuses for one of these reasons."""
        faults = _library("botocore.exceptions")
        try:
            return ask()
        except faults.ClientError as error:
            said: dict[str, str] = error.response["Error"]
            code, words = said.get("Code", ""), said.get("Message", "")
            if code in but:
                return None
            raise SetupError(f"{self.name} refuses: {code}, {words}") from None
        except faults.BotoCoreError as error:
            raise SetupError(f"{self.name} cannot be asked: {error}") from None


def _library(name: str) -> Any:
    """A module of boto3's, which only publishing to storage brings."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        hint = "start `python3 scripts/publish.py`, which installs it"
        raise SetupError(f"boto3 is not here: {hint}") from error


def md5(data: bytes) -> Any:
    """The digest that storage counts, too: against bytes lost on the way, not against forgers."""
    return hashlib.md5(data, usedforsecurity=False)
