"""What people type instead of YAML, and what the tool makes of it."""

import pytest

from epa_score.diagnostics import Finding, Kind, Place, Spot
from epa_score.readers import yaml
from epa_score.readers.yaml.mistakes import mistake_findings


def seen(finding: Finding) -> tuple[str, str, int, str]:
    """Name, variant, column and what to write instead."""
    column = finding.place.column if isinstance(finding.place, Spot) else 0
    return (
        finding.kind.label,
        finding.variant,
        column,
        str(finding.parameters.get("instead", "")),
    )


TRAPS = {
    "\tA3: 8": ("tab_indentation", "", 1, ""),
    "  \t\tA3: 8": ("tab_indentation", "", 3, ""),
    "\u3000\u3000A3: 8": ("fullwidth_punctuation", "blank", 1, ""),
    "  A3:\u30008": ("fullwidth_punctuation", "blank", 6, ""),
    "  A3:\xa08": ("fullwidth_punctuation", "blank", 6, ""),
    "  A3：8": ("fullwidth_punctuation", "", 5, "A3: 8"),
    "  A3 ： 8  # 好": ("fullwidth_punctuation", "", 6, "A3: 8"),
    "  Ａ３：8": ("fullwidth_punctuation", "", 5, "A3: 8"),
    "单位：示例甲镇": ("fullwidth_punctuation", "", 3, "单位: 示例甲镇"),
    "    note：缺两本": ("fullwidth_punctuation", "", 9, "note: 缺两本"),
    "  - id：A1": ("fullwidth_punctuation", "", 7, "id: A1"),
    "  A3: ｛score: 8}": ("fullwidth_punctuation", "flow", 7, ""),
    "  A3: {score：8}": ("fullwidth_punctuation", "flow", 13, "score: 8"),
    "  A3: {score: 8, note：好}": ("fullwidth_punctuation", "flow", 22, "note: 好"),
    "  A3: {score: 8，note: 好}": ("fullwidth_punctuation", "flow", 16, ""),
    "  A3: {score: 8｝": ("fullwidth_punctuation", "flow", 16, ""),
    "  A3:8": ("space_after_colon", "", 5, "A3: 8"),
    "rubric:township": ("space_after_colon", "", 7, "rubric: township"),
    "  A3: {score:8, note: 好}": ("space_after_colon", "flow", 13, "score: 8"),
    "  A3 6.5": ("space_after_colon", "colon", 5, "A3: 6.5"),
    "  A3: {score: 8 note: 好}": ("yaml_syntax", "comma", 16, ""),
    "  A3: 8 note: 好": ("yaml_syntax", "braces", 9, ""),
    "  : 8": ("key_not_text", "", 3, ""),
    "A3: 8": ("indentation_off", "margin", 1, "  A3: 8"),
}


@pytest.mark.parametrize("line", TRAPS)
def test_trap_is_found_where_it_is(line: str) -> None:
    (finding,) = mistake_findings(line)
    assert seen(finding) == TRAPS[line]


@pytest.mark.parametrize(
    "line",
    [
        "  A3: 8",
        "  A3:\t8",
        "  # A3：8",
        "\t",
        "\u3000# 说明",
        "  A3: {score: 8, note: 原因：缺两本，已补}",
        "  A3: {score: 8, note: 好, evidence: [照片4张，名册]}",
        '  A3: {score: 8, note: "见 score: 一栏"}',
        "    note: 原因：缺两本",
        "    - http://example.invalid/a",
        "    - QQ：12345",
        "    单位：示例甲镇",
        "  - {id: A1, max: 4, text: 有专人负责。}",
        "unit: 示例甲镇  # 乡：镇",
        "",
    ],
)
def test_sound_line_is_no_trap(line: str) -> None:
    assert mistake_findings(line) == []


SHEET = "rubric: township\nunit: 示例甲镇\nscores:\n  A1: 3\n"
FAILING = {
    f"{SHEET}   A2: 2\n": ("indentation_off", "", 1, "  A2: 2"),
    f"{SHEET} A2: 2\n": ("indentation_off", "", 1, "  A2: 2"),
    f"{SHEET}  A2:\n      score: 1\n    note: 好\n": ("indentation_off", "", 1, "      note: 好"),
    "rubric: township\n  unit: 示例甲镇\n": ("indentation_off", "", 1, "unit: 示例甲镇"),
    "rubric: township\n  A1: 3\n": ("missing_field", "scores", 1, ""),
    'unit: "示例甲镇\nperiod: "2018"\n': ("yaml_syntax", "quote", 7, ""),
    "unit: '示例甲镇\n": ("yaml_syntax", "quote", 7, ""),
    f"{SHEET}  A2: {{score: 1\n": ("yaml_syntax", "bracket", 7, ""),
    f"{SHEET}  A2: [1\n": ("yaml_syntax", "bracket", 7, ""),
    f"{SHEET}  A2: {{score: 1}}}}\n": ("yaml_syntax", "bracket", 17, ""),
    f"{SHEET}  A2: {{note: 缺席: 2人}}\n": ("yaml_syntax", "colon", 16, ""),
    f"{SHEET}  A2:\n    note: 缺席: 2人\n": ("yaml_syntax", "colon", 13, ""),
    f"{SHEET}  A2: {{note: *加分}}\n": ("yaml_syntax", "start", 14, ""),
    f"{SHEET}  A2: {{note: !重要}}\n": ("yaml_syntax", "start", 14, ""),
    f"{SHEET}  A2:\n    note: @张三\n": ("yaml_syntax", "start", 11, ""),
    f"{SHEET}  A2:\n    note: %5\n": ("yaml_syntax", "start", 11, ""),
    f"{SHEET}  A2: -\n": ("yaml_syntax", "dash", 7, ""),
    f'{SHEET}  A2: {{note: "缺"两本}}\n': ("yaml_syntax", "", 17, ""),
    "%": ("yaml_syntax", "", 2, ""),
}


@pytest.mark.parametrize("text", FAILING)
def test_failing_file_says_what_was_typed(text: str) -> None:
    (finding,) = yaml.read("sheet.yaml", text.encode()).findings
    assert seen(finding) == FAILING[text]


def test_very_long_lines_are_read_quickly() -> None:
    text = f"{SHEET}  A2: {{note: {'*, a: ' * 30_000}\n"
    (finding,) = yaml.read("sheet.yaml", text.encode()).findings
    assert finding.kind is Kind.YAML_SYNTAX


@pytest.mark.parametrize(
    ("data", "kind", "column"),
    [
        ("unit: 示例甲镇".encode("gbk"), Kind.NOT_UTF8, 7),
        ("unit: 示例".encode() + b"\xe7\x94", Kind.NOT_UTF8, 9),
        ("unit: 示例".encode("utf-16"), Kind.UTF16_FILE, 0),
        ("unit: abc".encode("utf-16-le"), Kind.UTF16_FILE, 0),
        ("unit: 示例\0".encode(), Kind.FORBIDDEN_CHARACTER, 9),
        ("unit: 示例\x85".encode(), Kind.FORBIDDEN_CHARACTER, 9),
        (b"\xef\xbb\xbf  \n", Kind.FILE_EMPTY, 0),
        (b"\xff\xff\xff", Kind.NOT_UTF8, 1),
    ],
)
def test_bytes_that_are_no_text(data: bytes, kind: Kind, column: int) -> None:
    (finding,) = yaml.read("sheet.yaml", data).findings
    place = finding.place
    assert finding.kind is kind
    assert (
        (place == Place()) if column == 0 else (isinstance(place, Spot) and place.column == column)
    )
