"""Townsquare: a community's newsroom, calendar and rulebook, built from one git repository."""

__version__ = "0.1.0"
