"""Show the site while you write, on this machine: `python scripts/serve.py --help`."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import environment

environment.command("serve")
