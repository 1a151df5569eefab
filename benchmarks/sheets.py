"""Write made-up score sheets of townships, with the totals that they must come to.

    python benchmarks/sheets.py FOLDER COUNT [PER_FOLDER] [--long]

The sheets have the shape of ``examples/scores``: 22 items in half points, about a third of them
with a note of its own, in the one-line and in the indented form; ``--long`` gives each item note
and evidence, which makes 2 KB of 1 KB. Unit names are unique, and the random seed is fixed, so that
every run writes the same files, ``FOLDER/000/000000.yaml`` and on.
The totals are added up here, as whole half points and without `epa_score`, and written to
``FOLDER/totals.tsv`` as unit and half points.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

import yaml

RUBRIC = Path(__file__).parents[1] / "rubrics" / "township.yaml"
NOTES = (
    "贫困户就业信息不全，缺{number}户",
    "{number}个村的台账未更新",
    "专题会议纪要缺第{number}号",
    "年网销额{number}万元，不足1000万元",
    '"应到2000人, 实到{number}人"',
)
EVIDENCE = ("档案册{number}本", "平台流水截图, 务工协议复印件", "第{number}期台账")
FORMS = (
    *["{item}: {points}"] * 14,
    "{item}: {points}  # 已核对",
    *["{item}: {{score: {points}, note: {note}}}"] * 5,
    "{item}: {{score: {points}, note: {note}, evidence: [{evidence}]}}",
    "{item}:\n    score: {points}\n    note: {note}\n    evidence: [{evidence}]",
)
LONG_FORMS = FORMS[-2:]


def main(folder: Path, count: int, per_folder: int, forms: Sequence[str]) -> None:
    """Write so many sheets into numbered folders, and the totals beside them."""
    rubric = yaml.safe_load(RUBRIC.read_text("utf-8"))
    caps = {item["id"]: item["max"] for one in rubric["sections"] for item in one["items"]}
    random = Random(2018)  # noqa: S311
    with (folder / "totals.tsv").open("w", encoding="utf-8") as totals:
        for number in range(count):
            if number % per_folder == 0:
                part = folder / f"{number // per_folder:03}"
                part.mkdir()
            unit = f"示例{number:06}镇"
            text, half_points = sheet(unit, caps, random, forms)
            (part / f"{number:06}.yaml").write_bytes(text.encode())
            totals.write(f"{unit}\t{half_points}\n")


def sheet(unit: str, caps: dict[str, int], random: Random, forms: Sequence[str]) -> tuple[str, int]:
    """The text of a score sheet and its total in half points."""
    lines = [
        "# 虚构示例，与任何真实单位的考核无关",
        f'rubric: township\nunit: {unit}\nperiod: "2018"',
        "assessor: 示例考核一组\ndate: 2018-12-20\nscores:",
    ]
    total = 0
    for item, cap in caps.items():
        lost = int(random.random() ** 3 * cap)
        half_points = 2 * cap - lost
        total += half_points
        points = str(half_points // 2) + (".5" if half_points % 2 else "")
        form = forms[int(random.random() * len(forms))]
        number = int(random.random() * 1000)
        note = NOTES[number % len(NOTES)].format(number=number)
        evidence = EVIDENCE[number % len(EVIDENCE)].format(number=number)
        lines.append("  " + form.format(item=item, points=points, note=note, evidence=evidence))
    return "\n".join(lines) + "\n", total


if __name__ == "__main__":
    long = "--long" in sys.argv
    given = [argument for argument in sys.argv[1:] if argument != "--long"]
    per_folder = int((given[2:] or ["1000"])[0])
    main(Path(given[0]), int(given[1]), per_folder, LONG_FORMS if long else FORMS)
