"""Write a digest of a period, ready to send: `python scripts/digest.py --help`."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import environment

environment.command("digest")
