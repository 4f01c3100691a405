"""Turn this repository into a site in `site/`: `python scripts/build.py --help`."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import environment

environment.command("build")
