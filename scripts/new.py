"""Begin a post, an event or another entry: `python scripts/new.py --help`."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import environment

environment.command("new")
