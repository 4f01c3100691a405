"""Keeps a site current: a build makes what a change concerns, and leaves the rest where it stands.

The plain way (`build.check`, `build.plan`, `publication.write`) makes everything from nothing and
gives the same bytes; `tests/test_upkeep.py` holds the two against each other.
"""
