"""Items whose lack of points is reported otherwise, or allowed."""

from collections.abc import Iterable
from typing import NamedTuple

from epa_score.diagnostics import Finding, Place


class Excused(NamedTuple):
    """Items by why their lack of points is no finding of its own.

    ``repeated`` are the keys that stand twice in the file, ``unread`` the items whose points
    could not be read or are known to be wrong; ``unscored`` allows any item to have no points.
    """

    repeated: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    unscored: bool = False

    def also(self, findings: Iterable[Finding]) -> "Excused":
        """The same, and every item that something is known to be wrong with."""
        places = (one.place.keys for one in findings if isinstance(one.place, Place))
        wrong = frozenset(str(keys[1]) for keys in places if keys[1:])
        return self._replace(unread=self.unread | wrong)


NOTHING_EXCUSED = Excused()
