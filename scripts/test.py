"""Run every test and check there is: `python scripts/test.py --help`."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import environment

environment.tests()
