"""Results that are damaged, hostile or nothing of the kind: a diagnostic, never a traceback."""

import random
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import pytest
from tests.support.commands import FULL_MARKS, HandIn, Outcome, Run, codes
from tests.support.examples import mutations
from tests.support.forms import repacked

from epa_score.opc import Bounds
from epa_score.readers.excel import result
from epa_score.readers.excel.sheet_part import Limits

pytestmark = pytest.mark.hostile

SUFFIXES = (".xlsx", ".json", ".csv")


@pytest.fixture
def results(small: HandIn, run: Run) -> Mapping[str, bytes]:
    """A result in every format."""
    small("示例甲镇", "A1: 2, A2: {score: 3.5, note: 少一份}, B1: 4")
    small("示例乙镇", FULL_MARKS)
    assert run("export", "--xlsx", "--json", "--csv", "-o", "result").code == 0
    return {suffix: Path(f"result{suffix}").read_bytes() for suffix in SUFFIXES}


def verify(run: Run, name: str, data: bytes) -> Outcome:
    Path(name).write_bytes(data)
    outcome = run("verify", name, "--format", "concise")
    assert outcome.code in (0, 1), outcome.said
    assert "EPA029" not in outcome.text + outcome.said
    return outcome


def damage(data: bytes, source: random.Random) -> bytes:
    """Some bytes with a piece cut out, doubled, moved or overwritten."""
    start = source.randrange(len(data))
    end = start + source.randrange(1, 1 + min(200, len(data) - start))
    piece = data[start:end]
    noise = source.choice([b"", piece + piece, bytes(len(piece)), source.randbytes(len(piece))])
    return data[:start] + noise + data[end:]


def damage_part(data: bytes, source: random.Random) -> bytes:
    """A workbook whose archive is sound and one of whose parts is not."""

    def change(parts: dict[str, bytes]) -> None:
        name = source.choice([name for name in parts if name.endswith((".xml", ".rels"))])
        parts[name] = damage(parts[name], source)

    return repacked(data, change)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_damaged_results_end_in_diagnostics(
    suffix: str, results: Mapping[str, bytes], run: Run
) -> None:
    source = random.Random(suffix)  # noqa: S311 -- the same in every run
    for number in range(mutations() // 3):
        alter = damage_part if suffix == ".xlsx" and number % 2 else damage
        verify(run, f"damaged{suffix}", alter(results[suffix], source))


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "data", [b"", b"\0" * 100, b"PK\x03\x04", b"\xff\xfe1\x002\x00", b"null", b'"', b"[[[]]]"]
)
def test_any_bytes_end_in_diagnostics(suffix: str, data: bytes, results: object, run: Run) -> None:
    assert results
    assert verify(run, f"any{suffix}", data).code == 1


def test_damaged_earlier_results_end_in_diagnostics(results: Mapping[str, bytes], run: Run) -> None:
    source = random.Random("earlier")  # noqa: S311 -- the same in every run
    seen = set()
    for _ in range(mutations() // 3):
        Path("old.json").write_bytes(damage(results[".json"], source))
        outcome = run("compare", "old.json", "scores")
        assert outcome.code in (0, 1), outcome.said
        assert "EPA029" not in outcome.text + outcome.said
        seen.update(codes(outcome.said))
    assert "EPA621" in seen


def fill(number: int) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        parts[name] = parts[name].replace(b"<sheetData>", b"<sheetData>" + b" " * number)

    return change


def add_rows(parts: dict[str, bytes]) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(500, 2000))
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"</sheetData>", rows + b"</sheetData>")


def test_what_unpacks_to_too_much_is_refused(
    results: Mapping[str, bytes], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result, "_BOUNDS", Bounds(unpacked=1_000_000))
    assert verify(run, "sound.xlsx", results[".xlsx"]).code == 0
    bomb = repacked(results[".xlsx"], fill(2_000_000))
    assert len(bomb) < 100_000
    outcome = verify(run, "bomb.xlsx", bomb)
    assert codes(outcome.said) == ["EPA303"]


def test_too_many_cells_are_refused(
    results: Mapping[str, bytes], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result, "_LIMITS", Limits(rows=3000, columns=100, cells=1000))
    assert verify(run, "sound.xlsx", results[".xlsx"]).code == 0
    outcome = verify(run, "many.xlsx", repacked(results[".xlsx"], add_rows))
    assert codes(outcome.said) == ["EPA303"]


def test_rows_far_below_are_compared(results: Mapping[str, bytes], run: Run) -> None:
    outcome = verify(run, "many.xlsx", repacked(results[".xlsx"], add_rows))
    assert "EPA602" in outcome.text
    assert "EPA028" in outcome.text


def test_other_files_in_an_archive_are_no_result(results: object, run: Run) -> None:
    assert results
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "1")
    assert verify(run, "archive.xlsx", file.getvalue()).code == 1
