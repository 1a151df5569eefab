"""Sheets and rubrics that are broken, huge or malicious: a diagnostic, and soon."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.commands import Run
from tests.support.limits import EXAMPLE, Runner, refused, refused_soon

pytestmark = pytest.mark.hostile

SHEET = "rubric: township\nunit: 示例甲镇\nscores:\n  A1: 3\n".encode()

RUBRIC = """\
id: x
title: 细则
total: 3
sections:
  - {id: A, title: 甲, max: 3, items: [{id: A1, max: 3, text: 一}]}
""".encode()

BOMB = "".join(
    f"  B{level}: &b{level} [{', '.join([f'*b{level - 1}'] * 9) if level else 'lol'}]\n"
    for level in range(9)
)

MANY = range(6000)


def line(text: str, times: int = 1) -> Callable[[bytes], bytes]:
    """A file with more lines at its end."""
    return lambda head: head + text.encode() * times


def instead(data: bytes) -> Callable[[bytes], bytes]:
    """Other bytes in place of a file."""
    return lambda _head: data


def encoded(encoding: str) -> Callable[[bytes], bytes]:
    """A file in another encoding."""
    return lambda head: head.decode().encode(encoding)


def flow(entries: str) -> Callable[[bytes], bytes]:
    """A file whose last mapping stands in a single line."""
    return lambda head: head.replace(b"scores:\n  A1: 3\n", f"scores: {{{entries}}}\n".encode())


HOSTILE: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    # What YAML can do and a score sheet must not.
    "duplicate key": ("EPA004", line("  A1: 3\n  A1: 2\n")),
    "duplicate field": ("EPA004", line("rubric: township\nid: x\nrubric: township\nid: x\n")),
    "duplicate quoted key": ("EPA004", line('  "A1": 2\n  A1: 2\nid: x\n"id": x\n')),
    "alias": ("EPA015", line("  A2: &a 2\n  A3: *a\n")),
    "alias of nothing": ("EPA015", line("  A3: *a\n")),
    "anchor": ("EPA015", line("  A3: &a 2\n")),
    "merge key": ("EPA015", line("  <<: {A2: 2}\n")),
    "merged alias": ("EPA015", line("  A2: &a {score: 2}\n  A3:\n    <<: *a\n")),
    "billion laughs": ("EPA015", line(BOMB)),
    "python object": ("EPA016", line("  A2: !!python/object/apply:os.system ['false']\n")),
    "int tag": ("EPA016", line("  A2: !!int 2\n")),
    "float tag": ("EPA016", line('  A2: !!float "2"\n')),
    "own tag": ("EPA016", line("  A2: !two 2\n")),
    "binary tag": ("EPA016", line("  A2: !!binary Mg==\n")),
    "tag directive": ("EPA016", instead(b"%TAG ! tag:x,2000:\n--- !a\nscores: {}\n")),
    "unknown version": ("EPA007", instead(b"%YAML 9.9\n---\nscores: {}\n")),
    "two documents": ("EPA014", line("---\nscores: {A1: 3}\n")),
    "document after the end": ("EPA014", line("...\n---\nscores: {A1: 3}\n")),
    "null key": ("EPA017", line("  ~: 2\n")),
    "empty key": ("EPA017", line('  "": 2\n')),
    "list as key": ("EPA017", line("  [A2]: 2\n")),
    "mapping as key": ("EPA017", line("  ? {A2: 2}\n  : 2\n")),
    "boolean": ("EPA106", line("  A2: yes\n")),
    "octal": ("EPA109", line("  A2: 02\n")),
    "sexagesimal": ("EPA109", line("  A2: 0:02\n")),
    "infinity": ("EPA109", line("  A2: .inf\n")),
    "not a number": ("EPA109", line("  A2: .nan\n")),
    "exponent": ("EPA109", line("  A2: 2e0\n")),
    "hexadecimal": ("EPA109", line("  A2: 0x2\n")),
    "underscore": ("EPA109", line("  A2: 1_0\n")),
    "quoted": ("EPA107", line("  A2: '2'\n")),
    "block text": ("EPA107", line("  A2: |\n    2\n")),
    "negative": ("EPA108", line("  A2: -2\n")),
    # What people type.
    "tab before a key": ("EPA005", line("\tA2: 2\n")),
    "full-width colon": ("EPA003", line("  A2：2\n")),
    "full-width blank": ("EPA003", line("\u3000\u3000A2: 2\n")),
    "full-width digit": ("EPA106", line("  A2: ２\n")),
    "full-width braces": ("EPA003", line("  A2: ｛score: 2｝\n")),
    "no-break space": ("EPA003", line("\xa0\xa0A2: 2\n")),
    "hanging text": ("EPA007", line("  A2: 'two\n")),
    # Bytes that are no text.
    "GBK": ("EPA001", encoded("gbk")),
    "GB18030": ("EPA001", encoded("gb18030")),
    "Big5": ("EPA001", instead("單位：甲鎮".encode("big5"))),
    "UTF-16 LE with BOM": ("EPA008", lambda head: b"\xff\xfe" + head.decode().encode("utf-16-le")),
    "UTF-16 BE with BOM": ("EPA008", lambda head: b"\xfe\xff" + head.decode().encode("utf-16-be")),
    "UTF-16 LE": ("EPA008", encoded("utf-16-le")),
    "UTF-16 BE": ("EPA008", encoded("utf-16-be")),
    "UTF-32 LE with BOM": (
        "EPA008",
        lambda head: b"\xff\xfe\0\0" + head.decode().encode("utf-32-le"),
    ),
    "UTF-32 BE": ("EPA008", encoded("utf-32-be")),
    "UTF-7": ("EPA019", instead("单位：甲".encode("utf-7"))),
    "lone surrogate": ("EPA001", lambda head: head + b"  A2: \xed\xa0\x80\n"),
    "overlong": ("EPA001", lambda head: head + b"  A2: \xc0\xb2\n"),
    "overlong NUL": ("EPA001", lambda head: head + b"  A2: \xc0\x80\n"),
    "beyond Unicode": ("EPA001", lambda head: head + b"  A2: \xf4\x90\x80\x80\n"),
    "cut off": ("EPA001", lambda head: head + "  # 甲".encode()[:-1]),
    "NUL": ("EPA009", line("  A2: 2\0\n")),
    "escaped surrogate": ("EPA007", line('  A2: {score: 2, note: "\\ud800"}\n')),
    "BOM in the middle": ("EPA009", line("\ufeff  A2: 2\n")),
    "two BOMs": ("EPA009", lambda head: b"\xef\xbb\xbf" * 2 + head),
    "line separator": ("EPA009", line("  A2: 2\u2028  A3: 3\n")),
    "paragraph separator": ("EPA009", line("  A2: 2\u2029  A3: 3\n")),
    "next line": ("EPA009", line("  A2: 2\x85  A3: 3\n")),
    "escape sequence": ("EPA009", line("  # \x1b]0;title\x07\n")),
    "C1": ("EPA009", line("  # \x9b31m\n")),
    "no character": ("EPA009", line("  # \ufffe\n")),
    # Nothing, or nothing but.
    "empty": ("EPA010", instead(b"")),
    "BOM alone": ("EPA010", instead(b"\xef\xbb\xbf")),
    "only comments": ("EPA010", instead(b"# a\n# b\n")),
    "only a document mark": ("EPA019", instead(b"---\n")),
    "only line ends": ("EPA010", instead(b"\r\n\r\n \n")),
    "a word": ("EPA019", instead(b"hello")),
    "a list": ("EPA019", instead(b"- scores\n- sections\n")),
    "a picture": ("EPA001", instead(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)))),
    "a workbook": ("EPA001", instead(b"PK\x03\x04\x14\0\x08\x08\xff\xfe" + bytes(range(1, 256)))),
}
"""Small files, by what is wrong with them: how a code begins that is found, and the file."""

HEAVY: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    # Too much of something.
    "20 MB": ("EPA011", line("#" * 79 + "\n", 262_144)),
    "one byte too many": ("EPA011", lambda head: head + b"#" * (1_000_001 - len(head))),
    "200,000 keys": ("EPA011", line("".join(f"  K{one}: 1\n" for one in range(200_000)))),
    "50,000 keys": ("EPA012", line("".join(f"  K{one}: 1\n" for one in range(50_000)))),
    "100,000 list entries": ("EPA012", instead(b"scores:\n" + b"- 1\n" * 100_000)),
    "50,000 [": ("EPA013", instead(b"[" * 50_000)),
    "50,000 [ in a field": ("EPA013", line("x: " + "[" * 50_000)),
    # A mapping is no key, and is nested too deep: PyYAML 6.0.4 sees this, older ones that first.
    "50,000 {": ("EPA01", instead(b"{" * 50_000)),
    "50,000 {a: ": ("EPA013", instead(b"{a: " * 50_000)),
    "50,000 - ": ("EPA013", instead(b"- " * 50_000)),
    "50,000 ? ": ("EPA017", instead(b"? " * 50_000)),
    "50,000 indented lines": (
        "EPA013",
        instead(b"".join(b" " * one + b"a:\n" for one in range(1300))),
    ),
    "5,000 digits": ("EPA109", line(f"  A2: {'9' * 5000}\n")),
    "5,000 decimals": ("EPA109", line(f"  A2: 0.{'3' * 5000}\n")),
    "5,000 leading zeros": ("EPA109", line(f"  A2: {'0' * 5000}\n")),
    "a huge exponent": ("EPA109", line("  A2: 1e999999999\n")),
    "a unit of 900 KB": ("EPA105", lambda head: head.replace("示例甲镇".encode(), b"x" * 900_000)),
    "a key of 900 KB": ("EPA007", line(f"  {'A' * 900_000}: 1\n")),
    "a note of 900 KB": ("EPA105", line(f"  A2: {{score: 2, note: {'字' * 300_000}}}\n")),
    "a value of 900 KB": ("EPA106", line(f"  A2: {'八' * 300_000}\n")),
    "an alias of 900 KB": ("EPA015", line(f"  A2: *{'a' * 900_000}\n")),
    "a tag of 900 KB": ("EPA016", line(f"  A2: !{'a' * 900_000} 2\n")),
    "a rubric of 900 KB": ("EPA101", lambda head: head.replace(b"township", b"x" * 900_000)),
    # Much of what is wrong.
    "6,000 unknown items": ("EPA103", line("".join(f"  Z{one}: 1\n" for one in MANY))),
    "6,000 unknown items in a line": ("EPA103", flow(", ".join(f"Z{one}: 1" for one in MANY))),
    "6,000 wrong values in a line": (
        "EPA106",
        flow(", ".join(f"项目甲乙丙丁戊己{one}: 八分" for one in MANY)),
    ),
    "6,000 unknown fields": (
        "EPA020",
        line(f"  A2: {{{', '.join(f'Z{one}: 1' for one in MANY)}}}\n"),
    ),
    "6,000 unknown fields at the top": ("EPA020", line("".join(f"zz{one}: 1\n" for one in MANY))),
    "6,000 duplicates": ("EPA004", line("  A1: 3\n", 6000)),
    "6,000 duplicates in a line": ("EPA004", flow(", ".join(["A1: 3"] * 6000))),
    "4,000 tags": ("EPA016", line("".join(f"  A{one}: !x 1\n" for one in MANY[:4000]))),
    "4,000 anchors": ("EPA015", line("".join(f"  A{one}: &x 1\n" for one in MANY[:4000]))),
    "6,000 null keys": ("EPA017", line("  ~: 1\n", 6000)),
    "6,000 empty pieces of evidence": (
        "EPA022",
        line(f"  A2: {{score: 1, evidence: [{'{},' * 6000}]}}\n"),
    ),
    "90,000 full-width colons": ("EPA003", line("  A2：2\n", 90_000)),
    "90,000 missing spaces": ("EPA006", line("  A2:2\n", 90_000)),
    "90,000 quotation marks": ("EPA", line('  A2: "\n', 90_000)),
    "400,000 next lines": ("EPA009", line("\x85", 400_000)),
    "400,000 NUL on lines": ("EPA009", line("\0" + "\n" * 14, 60_000)),
    "900,000 backspaces": ("EPA009", line("\b", 900_000)),
    "900,000 wrong bytes": ("EPA001", lambda head: head + b"\xff" * 900_000),
    "300,000 wrong bytes on lines": ("EPA001", lambda head: head + b"a\xc3\n" * 300_000),
    "900,000 bytes of GBK": ("EPA001", instead("评分".encode("gbk") * 220_000)),
    # Regular expressions must not go back and forth.
    "900,000 tabs": ("EPA007", line("  A2: [\n" + "\t" * 900_000 + "\n")),
    "900,000 blanks": ("EPA007", line("  A2: [\n" + " " * 900_000 + "\n")),
    "300,000 full-width blanks": ("EPA007", line("  A2: [\n" + "\u3000" * 300_000 + "\n")),
    "300,000 full-width blanks after a key": ("EPA", line("  A2:" + "\u3000" * 300_000 + "#\n")),
    "900,000 line ends": ("EPA007", line("\n" * 900_000 + "  A2: [")),
    "900,000 carriage returns": ("EPA007", line("\r" * 900_000 + "  A2: [")),
    "400,000 commas": ("EPA", line(f"  A2: [a{', ' * 400_000}b c: : \n")),
    "400,000 colons": ("EPA", line(f"  A2: {': ' * 400_000}\n")),
    "400,000 hyphens": ("EPA", line(f"  {'- ' * 400_000}A2: x: y\n")),
    "200,000 {a: in a line": ("EPA", line(f"  A2: {'{a: ' * 200_000}\n")),
    "900,000 digits before a letter": ("EPA", line(f"  A2: [\n  A2 {'9' * 890_000}x\n")),
    "blanks before a word": ("EPA", line(f"  A2: [a{' ' * 890_000}note: x: y: \n")),
    "many words": ("EPA", line(f"  A2: [a {'x ' * 400_000}note: : \n")),
    "many quotation marks in a line": ("EPA", line("  A2: [" + '"a" ' * 200_000 + "\n")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_sheet_is_refused(folder: Path, run: Run, name: str) -> None:
    code, made = HOSTILE[name]
    data = made(SHEET)
    (folder / "hostile.yaml").write_bytes(data)
    outcome = run("validate", "hostile.yaml", lang="en")
    found = refused(outcome.code, outcome.text + outcome.said)
    assert any(one.startswith(code) for one in found), found
    outcome = run("validate", "-", "--format", "json", lang="en", stdin=data)
    assert refused(outcome.code, outcome.text + outcome.said) == found


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_rubric_is_refused(folder: Path, run: Run, name: str) -> None:
    data = HOSTILE[name][1](RUBRIC)
    (folder / "hostile.yaml").write_bytes(data)
    (folder / "sheet.yaml").write_bytes(EXAMPLE)
    if data == RUBRIC:
        assert run("validate", "hostile.yaml").code == 0
        return
    outcome = run("rank", "--rubric", "hostile.yaml", "sheet.yaml", lang="en")
    assert refused(outcome.code, outcome.text + outcome.said)


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_sheet_is_refused_soon(runner: Runner, name: str) -> None:
    code, made = HEAVY[name]
    path = runner.folder / "hostile.yaml"
    path.write_bytes(made(SHEET))
    found = refused_soon(runner.run("validate", str(path)))
    assert any(one.startswith(code) for one in found), found


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_rubric_is_refused_soon(runner: Runner, name: str) -> None:
    _, made = HEAVY[name]
    path, scores = runner.folder / "hostile.yaml", str(runner.folder / "scores")
    path.write_bytes(made(RUBRIC))
    if made(RUBRIC) == RUBRIC:
        assert runner.run("validate", str(path)).code == 0
        return
    assert refused_soon(runner.run("rank", "--rubric", str(path), scores))


def test_hostile_sheets_are_left_out_or_stop_a_ranking(runner: Runner, run: Run) -> None:
    folder = runner.folder / "many"
    folder.mkdir()
    (folder / "sound.yaml").write_bytes(EXAMPLE)
    small = [made for _, made in HOSTILE.values() if len(made(SHEET)) < 5000]
    assert len(small) > 50
    for number, made in enumerate(small):
        (folder / f"{number:03}.yaml").write_bytes(made(SHEET))
    assert run("rank", folder).code == 1
    ranked = json.loads(run("rank", folder, "--skip-invalid", "--format", "json").out)
    assert [row["unit"] for row in ranked if row["rank"] is not None] == ["示例甲镇"]
    assert len(ranked) == len(small) + 1


def test_a_sheet_with_a_bom_or_other_line_ends_is_the_same_sheet(runner: Runner) -> None:
    expected = runner.run("total", str(runner.folder / "scores"), "--format", "json").out
    assert '"87.5"' in expected
    same = [
        b"\xef\xbb\xbf" + EXAMPLE,
        EXAMPLE.replace(b"\n", b"\r\n"),
        EXAMPLE.replace(b"\n", b"\r"),
        EXAMPLE.rstrip(b"\n"),
        EXAMPLE + b"\n\n# end\n",
        b"---\n" + EXAMPLE,
        EXAMPLE + b"...\n",
        b"%YAML 1.1\n---\n" + EXAMPLE,
    ]
    for data in same:
        outcome = runner.run("total", "-", "--format", "json", stdin=data)
        assert (outcome.code, outcome.out) == (0, expected), data[:40]
