"""Text from files made safe and short enough for one line of a terminal or a log."""

import re
import unicodedata
from typing import Literal, NamedTuple

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0000-\U000e0fff]"
)
"""Letters and marks that show nothing: Unicode's default ignorables, and the empty Braille cell."""


_UNSAFE_IN_JSON = (
    "[\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)


def is_hidden(char: str) -> bool:
    """True for a character that shows nothing: control, direction, zero width, filler."""
    return unicodedata.category(char) in _HIDDEN or _IGNORABLE.match(char) is not None


def hides_nothing(text: str) -> bool:
    """True where no character of ``text`` is hidden, as in nearly every text, and found quickly."""
    return text.isprintable() and _IGNORABLE.search(text) is None


def json_text(data: object) -> str:
    """Data as JSON in which nothing is hidden: such characters are written as escapes."""
    import json  # noqa: PLC0415 -- only odd characters are escaped

    text = json.dumps(data, ensure_ascii=False, indent=2)
    return re.sub(_UNSAFE_IN_JSON, lambda match: json.dumps(match[0])[1:-1], text) + "\n"


def visible(text: str) -> str:
    """``text`` with control, direction and zero-width characters written as escapes."""
    if hides_nothing(text):
        return text
    return "".join(
        char.encode("unicode_escape").decode("ascii") if is_hidden(char) else char for char in text
    )


def shortened(text: str, cells: int = 60) -> str:
    """``text`` made visible and cut to so many terminal cells, with ``...`` where it was cut."""
    from rich.cells import cell_len  # noqa: PLC0415 -- only carets ask for widths

    shown = visible(text[: cells * 2])
    if len(text) <= cells * 2 and cell_len(shown) <= cells:
        return shown
    while cell_len(shown) > cells - 3:
        shown = shown[:-1]
    return shown + "..."


Style = Literal["error", "warning", "source", "label", "note"]


class TerminalLine(NamedTuple):
    """A line of text with its style."""

    text: str
    style: Style
    keep: int = 0
    """The characters at its front that stay together when the line is broken."""
