"""Libraries that say nothing of their types, as values of which nothing is assumed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

arrow: Any = import_module("pyarrow")
ibis: Any = import_module("ibis")
duckdb_compiler: Any = import_module("ibis.backends.sql.compilers.duckdb").compiler
