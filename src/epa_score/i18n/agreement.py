"""Nouns that agree with the number before them: ``1 point``, ``2 points``."""

import re
from collections.abc import Mapping

_COUNTED = re.compile(
    r"\{(\w+)\} (points|units|decimals|levels|periods|assessors|score sheets|ranks)\b"
)
"""What is counted in the catalogues. Languages without plurals have no such words."""


def agreeing(text: str, parameters: Mapping[str, object]) -> str:
    """A text of a catalogue with its nouns in the singular where the number before them is 1."""

    def agree(counted: re.Match[str]) -> str:
        name, noun = counted.groups()
        return f"{{{name}}} {noun[:-1] if str(parameters.get(name)) == '1' else noun}"

    return _COUNTED.sub(agree, text)
