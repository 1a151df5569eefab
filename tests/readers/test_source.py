"""What is read from YAML is what was written, and every place is where it was written.

A writer of our own draws values, writes them in every style that YAML has, and notes the line and
the columns of each key and value.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from epa_score.diagnostics import Finding, Kind, Location, Place
from epa_score.diagnostics.finding import Key
from epa_score.model import QuotedText
from epa_score.readers import yaml
from epa_score.readers.source import Source

Path = tuple[Key, ...]

NOTHING = ("", "~", "null", "Null", "NULL")
TEXTS = [
    "示例甲镇",
    "😀😀",
    "a b",
    "- a",
    "a: b",
    "# x",
    "'",
    '"',
    "\\",
    "2018",
    "010",
    "1:30",
    ".5",
]
PLAIN = re.compile(r"[\w.\u4e00-\u9fff😀][\w.\-/+=%@*&!'\"，。：（）😀]*( [\w\-+=%，。（）😀]+)*")


@dataclass
class Scalar:
    """A text, or nothing, in a style: plain, single or double quotes, literal (``|``)."""

    text: str | None
    style: str = "plain"
    token: str = ""


@dataclass
class Mapping:
    entries: list[tuple[Scalar, "Node"]]
    flow: bool


@dataclass
class Listing:
    entries: list["Node"]
    flow: bool


Node = Scalar | Mapping | Listing


def value_of(node: Node) -> Any:
    """What reading must give back."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Listing):
        return [value_of(one) for one in node.entries]
    return {key.text: value_of(one) for key, one in node.entries}


def is_block(node: Node) -> bool:
    return not isinstance(node, Scalar) and not node.flow and bool(node.entries)


@dataclass
class Page:
    """The text written so far, and the place of every key and value in it."""

    end_of_line: str = "\n"
    done: list[str] = field(default_factory=list)
    line: str = ""
    keys: dict[Path, Location] = field(default_factory=dict)
    values: dict[Path, Location] = field(default_factory=dict)

    def put(self, text: str) -> None:
        self.line += text

    def end(self) -> None:
        self.done.append(self.line)
        self.line = ""

    @property
    def text(self) -> str:
        return self.end_of_line.join([*self.done, self.line])

    def here(self, width: int) -> Location:
        column = len(self.line) + 1
        return Location("", len(self.done) + 1, column, column + width)

    def write(self, node: Node, path: Path, indent: int) -> None:
        """Write a value from here on; a block ends with its line."""
        if isinstance(node, Scalar):
            self.values[path] = self.here(1 if node.style == "literal" else len(node.token))
            self._token(node, indent)
            return
        self.values[path] = self.keys[path] if path in self.keys else self.here(1)
        if not is_block(node):
            self._flow(node, path, indent)
            return
        for number, (key, one) in enumerate(pairs(node)):
            if number:
                self.put(" " * indent)
            inner = (*path, number if key is None else key.text or "")
            if key is None:
                self.put("- ")
            else:
                self.keys[inner] = self.here(len(key.token))
                self.put(f"{key.token}:")
                if is_block(one):
                    self.end()
                    self.put(" " * (indent + 2))
                elif not isinstance(one, Scalar) or one.token:
                    self.put(" ")
            self.write(one, inner, indent + 2)
            if not is_block(one):
                self.end()

    def _flow(self, node: Mapping | Listing, path: Path, indent: int) -> None:
        opening, closing = "{}" if isinstance(node, Mapping) else "[]"
        self.put(opening)
        for number, (key, one) in enumerate(pairs(node)):
            self.put(", " if number else "")
            inner = (*path, number if key is None else key.text or "")
            if key is not None:
                self.keys[inner] = self.here(len(key.token))
                self.put(f"{key.token}: ")
            self.write(one, inner, indent)
        self.put(closing)

    def _token(self, scalar: Scalar, indent: int) -> None:
        if scalar.style != "literal":
            self.put(scalar.token)
            return
        self.put("|-")
        for line in (scalar.text or "").split("\n"):
            self.end()
            self.put(" " * (indent + 2) + line)


def pairs(node: Mapping | Listing) -> Iterator[tuple[Scalar | None, Node]]:
    if isinstance(node, Mapping):
        yield from node.entries
    else:
        yield from ((None, one) for one in node.entries)


def in_double_quotes(text: str) -> str:
    """A text as YAML writes it in double quotes."""
    shown = (
        f"\\{char}"
        if char in '"\\'
        else char
        if char.isprintable()
        else f"\\x{ord(char):02x}"
        if char.isascii()
        else f"\\U{ord(char):08X}"
        for char in text
    )
    return f'"{"".join(shown)}"'


def in_style(text: str, style: str) -> Scalar | None:
    """A text in a style, where it can be written in it."""
    if style == "double":
        return Scalar(text, style, in_double_quotes(text))
    if not all(line.isprintable() for line in text.split("\n")):
        return None
    if style == "literal":
        lines = text.split("\n")
        return Scalar(text, style, "|-") if all(lines) and lines[0][0] != " " else None
    if "\n" in text:
        return None
    if style == "single":
        return Scalar(text, style, "'" + text.replace("'", "''") + "'")
    plain = PLAIN.fullmatch(text) and text not in NOTHING
    return Scalar(text, style, text) if plain else None


LETTERS = "Aa19.示例甲（），：😀 -_/+=%@*&!'\"\\:#,[]{}\t\n\xa0\u200b\u2028\x07é"
DRAWN = st.sampled_from(TEXTS) | st.text(st.sampled_from(LETTERS), max_size=8) | st.text(max_size=4)
KEYS = DRAWN.filter(lambda text: text not in {*NOTHING, "<<"})


@st.composite
def scalars(draw: st.DrawFn, *, flow: bool) -> Scalar:
    if draw(st.integers(0, 9)) == 0:
        return Scalar(None, token=draw(st.sampled_from(NOTHING[1:] if flow else NOTHING)))
    text = draw(DRAWN)
    styles = ["plain", "single", "double", *([] if flow else ["literal"])]
    return in_style(text, draw(st.sampled_from(styles))) or in_double(text)


def in_double(text: str) -> Scalar:
    return Scalar(text, "double", in_double_quotes(text))


@st.composite
def keys(draw: st.DrawFn) -> Scalar:
    text = draw(KEYS)
    return in_style(text, draw(st.sampled_from(["plain", "single", "double"]))) or in_double(text)


def nodes_of(depth: int, *, flow: bool) -> st.SearchStrategy[Node]:
    """Values so many levels deep."""
    return scalars(flow=flow) | containers(depth, flow=flow) if depth else scalars(flow=flow)


def containers(depth: int, *, flow: bool, least: int = 0) -> st.SearchStrategy[Node]:
    """Mappings and lists so many levels deep; within brackets everything is in brackets."""
    inner = nodes_of(depth - 1, flow=flow)
    if not flow:
        inner |= nodes_of(min(depth - 1, 1), flow=True)
    mappings = st.builds(
        Mapping,
        st.lists(
            st.tuples(keys(), inner),
            min_size=least,
            max_size=4,
            unique_by=lambda one: one[0].text,
        ),
        st.just(flow),
    )
    entries = st.lists(inner.map(no_void), min_size=least, max_size=4)
    return mappings | st.builds(Listing, entries, st.just(flow))


def no_void(node: Node) -> Node:
    """Nothing is written with a sign in a list, where no key says that it is there."""
    if isinstance(node, Scalar) and node.text is None:
        return replace(node, token=node.token or NOTHING[1])
    return node


def nodes() -> st.SearchStrategy[Node]:
    """Mostly blocks; a text alone is a file, too."""
    blocks = containers(3, flow=False, least=2)
    return st.one_of(blocks, blocks, containers(2, flow=True), scalars(flow=False))


def written(node: Node, end_of_line: str = "\n") -> Page:
    page = Page(end_of_line)
    page.write(node, (), 0)
    return page


def spans(source: Source, path: Path) -> tuple[Location, Location]:
    """Where the key and the value of a place are, without the text of the lines."""
    findings = [
        Finding(Kind.WRONG_SHAPE, Place(path, "key")),
        Finding(Kind.WRONG_SHAPE, Place(path, "value")),
    ]
    key, value = (one.location for one in source.diagnose(findings))
    for one in (key, value):
        assert one.line is not None
        assert [number for number, _ in one.excerpt] == list(
            range(max(1, one.line - 1), one.line + 1)
        )
    bare = (Location("", one.line, one.column, one.end_column) for one in (key, value))
    return next(bare), next(bare)


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from leaves(one)
    else:
        yield value


NEW_LINES = st.sampled_from(["\n", "\r\n", "\r"])


@settings(max_examples=200)
@given(nodes(), NEW_LINES, st.booleans())
def test_reading_gives_back_what_was_written(node: Node, end_of_line: str, mark: bool) -> None:
    data = written(node, end_of_line).text.encode("utf-8-sig" if mark else "utf-8")
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        return
    source = yaml.read("file.yaml", data)
    assert source.findings == []
    assert source.value == value_of(node)


@settings(max_examples=200)
@given(nodes(), NEW_LINES, st.booleans())
def test_every_place_is_where_it_was_written(node: Node, end_of_line: str, mark: bool) -> None:
    page = written(node, end_of_line)
    if not page.text.strip():
        return
    source = yaml.read("file.yaml", page.text.encode("utf-8-sig" if mark else "utf-8"))
    lines = page.text.split(end_of_line)
    for path, value in page.values.items():
        key = page.keys.get(path, value)
        # Nothing has no place of its own: its key stands for it.
        expected = value if value.end_column != value.column else key
        assert spans(source, path) == (key, expected)
        line, column, end = expected.line, expected.column, expected.end_column
        assert line is not None
        assert column is not None
        assert lines[line - 1][column - 1 : end] != ""


@given(nodes())
def test_only_plain_text_can_be_a_number(node: Node) -> None:
    page = written(node)
    if not page.text.strip():
        return
    source = yaml.read("file.yaml", page.text.encode())
    plain = {
        one.text: one for one in scalars_in(node) if one.style == "plain" and one.text is not None
    }
    quoted = {one.text for one in scalars_in(node) if one.style != "plain"}
    for text in leaves(source.value):
        assert type(text) in (str, QuotedText, type(None))
        assert type(text) is not str or text in plain
        assert type(text) is not QuotedText or text in quoted


def scalars_in(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    else:
        for _, one in pairs(node):
            yield from scalars_in(one)


SHEET = """\
rubric: township
unit: 示例甲镇
scores:
  A1: 3
  A2: {score: 1.5, note: 😀很全, evidence: [档案册3本]}
  A3:
    note: 缺两本
"""


@pytest.mark.parametrize("end_of_line", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(
    ("path", "part", "place"),
    [
        (("unit",), "value", "2:7-11"),
        (("unit",), "key", "2:1-5"),
        (("scores",), "value", "3:1-7"),
        (("scores", "A1"), "value", "4:7-8"),
        (("scores", "A1"), "key", "4:3-5"),
        (("scores", "A2", "score"), "value", "5:15-18"),
        (("scores", "A2", "note"), "value", "5:26-29"),
        (("scores", "A2", "evidence"), "value", "5:31-39"),
        (("scores", "A2", "evidence", 0), "value", "5:42-47"),
        (("scores", "A3", "note"), "value", "7:11-14"),
        (("scores", "A3"), "value", "6:3-5"),
        # What the file does not hold is where it would belong.
        (("scores", "A1", "score"), "value", "4:7-8"),
        (("scores", "A2", "evidence", 1), "value", "5:31-39"),
        (("scores", "A3", "score"), "value", "6:3-5"),
        (("scores", "A4", "score"), "value", "3:1-7"),
        (("period",), "value", "1:1-2"),
        ((), "value", "1:1-2"),
    ],
)
def test_places_of_a_sheet(
    path: Path, part: Any, place: str, mark: bytes, end_of_line: str
) -> None:
    data = mark + SHEET.replace("\n", end_of_line).encode()
    source = yaml.read("sheet.yaml", data)
    (found,) = source.diagnose([Finding(Kind.WRONG_SHAPE, Place(path, part))])
    one = found.location
    assert f"{one.line}:{one.column}-{one.end_column}" == place
    assert one.path == "sheet.yaml"
    assert one.excerpt[-1][1] == SHEET.split("\n")[(one.line or 0) - 1]


def test_the_line_above_is_shown_as_well() -> None:
    source = yaml.read("sheet.yaml", SHEET.encode())
    places = [Place(("rubric",)), Place(("unit",))]
    shown = [
        one.location.excerpt
        for one in source.diagnose([Finding(Kind.WRONG_SHAPE, one) for one in places])
    ]
    assert shown == [
        ((1, "rubric: township"),),
        ((1, "rubric: township"), (2, "unit: 示例甲镇")),
    ]


def test_a_file_that_was_not_read_has_a_path_only() -> None:
    source = Source("sheet.yaml")
    (found,) = source.diagnose([Finding(Kind.FILE_EMPTY, Place(("unit",)))])
    assert found.location == Location("sheet.yaml")
    assert str(found.location) == "sheet.yaml"


def test_a_text_over_several_lines_is_marked_where_it_begins() -> None:
    text = "note: 第一行\n  第二行\nunit: 'a\n  b'\n"
    source = yaml.read("sheet.yaml", text.encode())
    assert source.value == {"note": "第一行 第二行", "unit": "a b"}
    assert spans(source, ("note",))[1] == Location("", 1, 7, 8)
    assert spans(source, ("unit",))[1] == Location("", 3, 7, 8)
