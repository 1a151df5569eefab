"""The file of a rubric that was made from a table reads back as what was found."""

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from epa_score import load_rubric
from epa_score.diagnostics import Place
from epa_score.exporters.rubric_yaml import rubric_yaml
from epa_score.i18n import Words
from epa_score.model.rubric_draft import DraftItem, DraftSection, DraftUnits, RubricDraft, complete

HERE = Place(())
TEXTS = st.text(
    alphabet="有方案。：: #-'\"{}[]&*!|>%@`,?“”（）1aN\t～é\u200b\u00a0", min_size=1, max_size=12
).filter(str.strip)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_any_wording_reads_back(title: str, name: str, text: str, owner: str) -> None:
    item = DraftItem(text, Decimal("2.50"), HERE, owner=owner, source=owner)
    draft = RubricDraft(title, HERE, sections=[DraftSection(name, None, HERE, items=[item])])
    complete(draft)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mine.yaml"
        path.write_text(rubric_yaml(draft, "mine", "表\u200b.xlsx", Words("en")), "utf-8")
        rubric = load_rubric(path)
    (section,) = rubric.sections
    (read,) = section.items
    assert (rubric.title, section.title, read.text) == (title, name, text)
    assert (read.owner, read.source, read.max) == (owner, owner, Decimal("2.5"))


def test_wordings_stand_there_without_quotes() -> None:
    item = DraftItem("“一村一品”：有 4G 网络，达100%。", Decimal(5), HERE)
    draft = RubricDraft("某县细则（乡镇）", HERE, sections=[DraftSection("组织", Decimal(5), HERE)])
    draft.sections[0].items = [item]
    complete(draft)
    assert rubric_yaml(draft, "mine", "表.xlsx", Words("zh_CN")) == (
        "# 由 表.xlsx 生成，请对照原文逐项核对\n"
        "id: mine\n"
        "title: 某县细则（乡镇）\n"
        "total: 5\n"
        "sections:\n"
        "  - id: A\n"
        "    title: 组织\n"
        "    max: 5\n"
        "    items:\n"
        "      - id: A1\n"
        "        max: 5\n"
        "        text: “一村一品”：有 4G 网络，达100%。\n"
    )


def test_units_that_are_not_certain_are_left_open() -> None:
    item = DraftItem("牵头。", Decimal(5), HERE)
    duty = DraftUnits("移动、联通\n公司", (), [item], HERE)
    other = DraftUnits("县商务局", ("县商务局", "a: b"), [item], HERE)
    section = DraftSection("个性指标", Decimal(5), HERE, per_unit=[duty, other])
    draft = RubricDraft("细则", HERE, sections=[section, DraftSection("空", Decimal(1), HERE)])
    complete(draft)
    lines = rubric_yaml(draft, "mine", "表.xlsx", Words("zh_CN")).splitlines()
    assert "      - units: []   # <- 没有确定，请写各单位的全称：移动、联通 公司" in lines
    assert '      - units: [县商务局, "a: b"]' in lines
    assert lines[-1] == "    items: []"
