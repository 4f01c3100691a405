"""Readers: what access logs and others' exports tell of them, kept as daily figures alone.

From the left: `contents` and `logs`, or `exports`, make requests; `aggregation` makes visits and
figures of them, in DuckDB (`embedded`, `apart`) or elsewhere (`engines`); `kept` keeps them.
"""
