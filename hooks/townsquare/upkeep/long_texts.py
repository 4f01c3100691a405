"""Texts that are too long for the state, which is read whole: each is in the cache by itself."""

from __future__ import annotations

from townsquare.cache import Cache, key
from townsquare.values import value

LONG = 400
_MARK = "@"


@value
class LongTexts:
    """Answers' texts, of which none begins with the mark: they are JSON."""

    cache: Cache

    def kept(self, text: str) -> str:
        """What stands in the state for this text: itself, or where it is to be found."""
        if text.startswith(_MARK):
            self.cache.use(bytes.fromhex(text[1:]))
            return text
        if len(text) <= LONG:
            return text
        data = text.encode("utf-8", "surrogatepass")
        of = key("long text", data)
        self.cache.keep(of, data)
        return _MARK + of.hex()

    def read(self, kept: str) -> str:
        """The text itself. Raises LookupError where it is lost."""
        if not kept.startswith(_MARK):
            return kept
        data = self.cache.kept(bytes.fromhex(kept[1:]))
        if data is None:
            raise LookupError(kept)
        return data.decode("utf-8", "surrogatepass")
