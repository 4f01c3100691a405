"""Put the site where readers get it: `python scripts/publish.py --help`."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import environment

environment.command("publish")
