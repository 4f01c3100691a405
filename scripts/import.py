"""Bring in partners' feeds and calendars: `python scripts/import.py partners --help`."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import environment

environment.command("import")
