"""Any bytes: a sheet with the total that it shows, or diagnostics."""

import random
import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.limits import EXAMPLE, show
from tests.support.paths import ROOT

import epa_score

pytestmark = pytest.mark.hostile

SOUND = [
    EXAMPLE,
    (ROOT / "examples" / "scores" / "县人社局.yaml").read_bytes(),
    """\
rubric: township
unit: 示例甲镇
scores: {
  A1: 3, A2: 2, A3: 8, A4: 1.5, A5: 5, A6: 2.5, B1: 2, B2: 7, B3: 3.5, B4: 3, B5: 2,
  C1: 5, C2: {score: 3.5, note: 'a: b'}, C3: 5, C4: 5, C5: 3, C6: 3, C7: 4, C8: 6.50,
  D1: 3.5, D2: 4.5, D3: 5}
""".encode(),
]

CAPS = {
    name: dict(
        re.findall(
            r"- id: ([A-Z][0-9]+)\n +max: ([0-9.]+)\n",
            (ROOT / "rubrics" / f"{name}.yaml").read_text("utf-8"),
        )
    )
    for name in ("township", "departments")
}

PIECES = [
    *[
        ":",
        ": ",
        ":\n",
        "-",
        "- ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "#",
        " #",
        "&a ",
        "*a",
        "!",
        "!!int ",
        "|",
        ">",
    ],
    *[
        "'",
        '"',
        "%",
        "@",
        "`",
        "~",
        "null",
        "<<: ",
        "---\n",
        "...\n",
        "\n",
        "\r",
        "\t",
        "  ",
        " ",
        "? ",
    ],
    *[
        "0",
        "1",
        "8",
        ".",
        "9",
        "_",
        "e1",
        "0x",
        "0o",
        ".5",
        "-1",
        "+1",
        "分",
        "八",
        "true",
        "1:30",
        "\\",
    ],
    *[
        "A1: 3\n",
        "  A1: 3\n",
        "score: 1",
        "note: x",
        "A",
        "\u3000",
        "：",
        "，",
        "１",
        "Ａ",
        "\x85",
        "\u2028",
        "\0",
    ],
    *["\ufeff", "\x1b[31m", "\u202e", "\xa0", "𠮷", "é"],
]

FULL_WIDTH = {char: chr(ord(char) + 0xFEE0) for char in ":,.{}[]-#'\"0123456789ABCDabcrstu"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any") / "sheet.yaml"


def mutated(draw: st.DataObject) -> bytes:
    """A sound sheet with a few accidents."""
    data = bytearray(draw.draw(st.sampled_from(SOUND)))
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, max(len(data) - 1, 0)))
        kind = draw.draw(
            st.sampled_from(("flip", "delete", "insert", "swap", "copy", "widen", "cut"))
        )
        lines = bytes(data).split(b"\n")
        number = draw.draw(st.integers(0, len(lines) - 1))
        other = draw.draw(st.integers(0, len(lines) - 1))
        if kind == "flip" and data:
            data[at] ^= 1 << draw.draw(st.integers(0, 7))
        elif kind == "delete":
            del data[at : at + draw.draw(st.integers(1, 12))]
        elif kind == "insert":
            data[at:at] = draw.draw(st.sampled_from(PIECES)).encode()
        elif kind == "swap":
            lines[number], lines[other] = lines[other], lines[number]
            data = bytearray(b"\n".join(lines))
        elif kind == "copy":
            lines.insert(number, lines[other])
            data = bytearray(b"\n".join(lines))
        elif kind == "widen" and chr(data[at] if data else 0) in FULL_WIDTH:
            data[at : at + 1] = FULL_WIDTH[chr(data[at])].encode()
        elif kind == "cut":
            del data[at:]
    return bytes(data)


RUBRICS = {name: epa_score.load_rubric(ROOT / "rubrics" / f"{name}.yaml") for name in CAPS}


def looked_at(path: Path, data: bytes) -> epa_score.ScoreSheet | None:
    """The sheet in the bytes; without one, there are diagnostics, and all of them can be shown."""
    path.write_bytes(data)
    rubric = RUBRICS["departments" if b"departments" in data else "township"]
    try:
        return epa_score.load_sheet(path, rubric)
    except epa_score.InputError as error:
        show(error.diagnostics)
        return None


def added_again(data: bytes) -> tuple[str, Decimal]:
    """The unit and the total of a sheet that was accepted, read in another way.

    PyYAML's parser in Python, nothing resolved, nothing repeated, and every item once. It does not
    take tabs between words, as libyaml does.
    """
    text = data.decode("utf-8-sig").replace("\t", " ")
    document = yaml.compose(text, Loader=yaml.BaseLoader)
    fields = entries(document)
    points = {}
    for name, node in entries(fields["scores"]).items():
        while isinstance(node, yaml.MappingNode):
            node = entries(node)["score"]  # noqa: PLW2901
        assert isinstance(node, yaml.ScalarNode)
        assert node.style is None
        assert re.fullmatch(r"(0|[1-9][0-9]?)(\.[0-9]{1,2})?", node.value)
        points[name] = Decimal(node.value)
    caps = CAPS[fields["rubric"].value]
    assert points.keys() == caps.keys()
    assert all(points[name] <= Decimal(caps[name]) for name in caps)
    return fields["unit"].value.strip(), sum(points.values(), Decimal(0))


def entries(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """The entries of a mapping, none of which comes twice."""
    assert isinstance(node, yaml.MappingNode)
    keys = [key.value for key, _ in node.value]
    assert len(keys) == len(set(keys))
    return {key.value: value for key, value in node.value}


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(data=st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=40).map(
    lambda pieces: "".join(pieces).encode()
))  # fmt: skip
def test_any_bytes_are_a_sheet_or_diagnostics(place: Path, data: bytes) -> None:
    assert looked_at(place, data) is None


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(draw=st.data())
def test_a_mutated_sheet_has_the_total_that_it_shows_or_diagnostics(
    place: Path, draw: st.DataObject
) -> None:
    data = mutated(draw)
    sheet = looked_at(place, data)
    if sheet is not None:
        result = epa_score.score(RUBRICS[sheet.rubric], sheet)
        assert (result.unit, result.total) == added_again(data)


def test_most_mutations_of_a_sheet_are_noticed_and_some_are_harmless(place: Path) -> None:
    chance = random.Random(1)  # noqa: S311
    accepted = 0
    for _ in range(150):
        data = bytearray(EXAMPLE)
        at = chance.randrange(len(data))
        data[at] ^= 1 << chance.randrange(7)
        sheet = looked_at(place, bytes(data))
        if sheet is not None:
            accepted += 1
            result = epa_score.score(RUBRICS["township"], sheet)
            assert (result.unit, result.total) == added_again(bytes(data))
    assert 0 < accepted < 140


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(draw=st.data())
def test_a_mutated_rubric_is_a_rubric_or_diagnostics(place: Path, draw: st.DataObject) -> None:
    data = bytearray((ROOT / "rubrics" / "departments.yaml").read_bytes())
    for _ in range(draw.draw(st.integers(1, 3))):
        at = draw.draw(st.integers(0, len(data) - 1))
        data[at : at + draw.draw(st.integers(0, 8))] = draw.draw(st.sampled_from(PIECES)).encode()
    path = place.with_name("departments.yaml")
    path.write_bytes(bytes(data))
    try:
        rubric = epa_score.load_rubric(path)
    except epa_score.InputError as error:
        show(error.diagnostics)
    else:
        assert rubric.total == sum(section.max for section in rubric.sections)
