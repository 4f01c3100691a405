"""Say how the community is doing, in figures: `python scripts/report.py --help`."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import environment

environment.command("report")
