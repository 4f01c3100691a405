"""Partners' feeds and calendars: fetched when somebody asks, kept as files, shown by later builds.

`fetching` and `hosts` ask the network, `documents`, `posts` and `events` read what came, in a
process of its own (`reading`), `merging` joins it with what was known, and `bringing` is the
command. A build imports none of these: it reads `snapshot`s only, of which `shown` tells what
readers see now.
"""


class SourceFailed(Exception):
    """Why nothing new came from a source, in words that go on from its address."""
