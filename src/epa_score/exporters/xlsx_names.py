"""Names of worksheets that every spreadsheet takes."""

import re
from collections.abc import Iterable

from epa_score.model import same_name_key

_LONGEST_NAME = 31
_RESERVED = "history"


class Names:
    """Names of worksheets, each given once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        """Begin with the names that are ``taken``."""
        self._taken = {_RESERVED, *map(same_name_key, taken)}

    def add(self, wanted: str) -> str:
        """A name as near to the ``wanted`` one as there is."""
        name = _legal(wanted, "")
        number = 1
        while same_name_key(name) in self._taken:
            number += 1
            name = _legal(wanted, f"-{number}")
        self._taken.add(same_name_key(name))
        return name


def _legal(wanted: str, end: str) -> str:
    """A name of letters, digits, points and dashes that ends with ``end``."""
    name = re.sub(r"[^\w.-]", "_", wanted)
    while len((name + end).encode("utf-16-le")) > 2 * _LONGEST_NAME:
        name = name[:-1]
    return name + end
