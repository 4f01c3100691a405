"""The environment of our templates: everything escaped, every missing name an error.

It is imported when an article is rendered, not on every run: Jinja takes 40 ms to import, and as
long again to compile the few templates that a small change needs. So what it compiles is kept.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.util import cache_from_source
from pathlib import Path
from types import FunctionType
from typing import Any, cast

import jinja2.compiler
import jinja2.ext
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from townsquare import wordbook

_DIGEST = 16


@cache
def environment(folders: tuple[Path, ...]) -> Environment:
    """The templates of these folders, the first that has one; none is looked at twice."""
    made = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=Compiled(),
    )
    made.context_class = Direct
    made.filters.update(wordbook.FILTERS | FILTERS)
    # The extension `i18n` adds this when it is made: nothing declares it.
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    cast("dict[str, Any]", made.globals).update(_=gettext, gettext=gettext, ngettext=ngettext)
    return made


class Direct(Context):
    """Calls macros and plain functions as they are, in a third of Jinja's time.

    Jinja asks of everything that is called what it wants to be given besides. A macro without it
    escapes as its environment does, and no template of ours escapes otherwise.
    """

    def call(
        self,
        function: Callable[..., Any],
        /,
        *given: Any,
        _loop_vars: Any = None,
        _block_vars: Any = None,
        **named: Any,
    ) -> Any:
        """What the function gives; the variables of loops and blocks are for Jinja's own."""
        kind = type(function)
        if kind is Macro or (kind is FunctionType and not hasattr(function, "jinja_pass_arg")):
            return function(*given, **named)
        return super().call(
            function, *given, _loop_vars=_loop_vars, _block_vars=_block_vars, **named
        )


def gettext(message: str, **values: Any) -> Markup:
    """The interface string in the site's language, with escaped values filled in."""
    escaped = {name: escape(value) for name, value in values.items()}
    return Markup(wordbook.gettext(message) % escaped)  # noqa: S704 — all that it holds is escaped


def ngettext(one: str, many: str, number: int, **values: Any) -> Markup:
    """The string that fits the number, likewise."""
    escaped = {name: escape(value) for name, value in values.items()}
    return Markup(wordbook.counted(one, many, number, escaped))  # noqa: S704 — all that it holds is escaped


def dated(value: wordbook.Moment) -> Markup:
    """`<time datetime="2026-05-21">21 May 2026</time>`."""
    inner = escape(wordbook.day(value))
    return Markup(f'<time datetime="{escape(wordbook.iso(value))}">{inner}</time>')  # noqa: S704 — all that it holds is escaped


def lang(language: str | None) -> Markup:
    """The attribute of what is written in this language, nothing where that is the page's own."""
    return Markup(f' lang="{escape(language)}"' if language else "")  # noqa: S704 — all that it holds is escaped


FILTERS: dict[str, Callable[..., Any]] = {"dated": dated, "lang": lang}


class Compiled(BytecodeCache):
    """Compiled templates, where Python keeps compiled modules: in `__pycache__` beside the source.

    They are code, so nothing is read from where less than code is trusted: a build's `.cache` comes
    back from elsewhere in CI. One is good for this Python, this Jinja, this module and this source,
    and carries a digest of itself: what is cut short or damaged is compiled again.
    """

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The file of the template's code."""
        return cache_from_source(filename or name)

    def get_source_checksum(self, source: str) -> str:
        """What the code was made from."""
        made = blake2b(source.encode(), digest_size=_DIGEST, key=_compilers())
        return made.hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fills the bucket, if there is whole and current code."""
        with suppress(OSError):
            data = Path(bucket.key).read_bytes()
            if data[:_DIGEST] == _digest(data[_DIGEST:]):
                bucket.bytecode_from_string(data[_DIGEST:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps the bucket's code, where Python would keep a module's."""
        if sys.dont_write_bytecode:
            return
        data, file = bucket.bytecode_to_string(), Path(bucket.key)
        part = file.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(_digest(data) + data)
            part.replace(file)


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=_DIGEST).digest()


@cache
def _compilers() -> bytes:
    """The files that decide what a template becomes, told apart as Python tells its sources."""
    files = (jinja2.compiler.__file__, jinja2.ext.__file__, __file__)
    seen = [(status.st_size, status.st_mtime_ns) for status in map(os.stat, files)]
    return blake2b(repr(seen).encode(), digest_size=_DIGEST).digest()
