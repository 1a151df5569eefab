"""Files as an editor sees them: in YAML 1.2, where text without quotes may be a number or a yes."""

import re
from collections.abc import Callable
from typing import Any

import yaml
from jsonschema import Draft7Validator
from tests.support.paths import ROOT

_KINDS = {
    "null": "~|null|Null|NULL|",
    "bool": "true|True|TRUE|false|False|FALSE",
    "int": "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
    "float": (
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)"
    ),
}
"""The core schema of YAML 1.2 but for .nan, which no schema tells from any number."""


def _value_of(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _value_of(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value_of(entry) for entry in node.value]
    assert isinstance(node, yaml.ScalarNode)
    text: str = node.value
    if node.style:
        return text
    kinds = (kind for kind, pattern in _KINDS.items() if re.fullmatch(pattern, text))
    return _READ[next(kinds, "str")](text)


_READ: dict[str, Callable[[str], Any]] = {
    "null": lambda _text: None,
    "bool": lambda text: text.lower() == "true",
    "int": lambda text: int(text, {"0o": 8, "0x": 16}.get(text[:2], 10)),
    "float": lambda text: float(text.lower().replace(".inf", "1e308")),  # jsonschema divides it
    "str": str,
}


def seen_by_editor(text: str) -> Any:
    """The values of a file, as an editor hands them to a schema."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    return None if node is None else _value_of(node)


def refusals(schema: dict[str, Any], text: str) -> list[str]:
    """Where a schema refuses a file, and why."""
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
        for error in Draft7Validator(schema).iter_errors(seen_by_editor(text))
    ]


EXAMPLES = sorted(
    path for path in (ROOT / "examples").rglob("*.yaml") if "broken" not in path.parts
)
"""The sound files of the examples."""
