"""The columns of a rubric that was typed as a table, and the rows of titles above them."""

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from epa_score.readers.foreign_table import ForeignCell
from epa_score.values.names import names_a_summary, same_name_key
from epa_score.values.printed_points import (
    split_points,
    split_title_points,
    without_padding,
)

RubricRow = dict[int, ForeignCell]

ColumnRole = Literal["section", "wording", "cap", "number", "owner", "source", "blank", ""]
"""What a column holds; ``blank`` is filled in by assessors, and empty for a column unknown."""

_TITLES: dict[ColumnRole, str] = {
    "section": """
        考核指标 指标 一级指标 二级指标 三级指标 指标名称 指标类别 考核项目 项目 项目名称 评分项目
        评价项目 评价指标 评价内容分类 考核类别 类别 考核分类 考核方面 部分 单位 部门 责任单位名称
        indicator indicators section category project
        """,
    "wording": """
        考核内容 内容 考核要点 考核标准 评分标准 评分细则 评分办法 评分方法 评分依据 评分要求
        计分办法 计分标准 计分方法 考核细则 考核办法 考核方法 考核要求 评价标准 评价内容
        要点 评价要点 具体内容 工作内容 主要内容 工作要求 目标要求 指标内容 指标说明 扣分标准
        得分标准 考核内容及标准 考核内容和评分标准 考核内容及评分标准
        item items criterion criteria content wording standard requirement requirements
        """,
    "cap": """
        分值 分数 满分 标准分 标准分值 权重分 权重 权重分值 配分 赋分 基本分 基础分 单项分 单项分值
        总分值 分 points max cap weight marks
        """,
    "number": "序号 编号 号 序 no number",
    "owner": "责任部门 牵头部门 责任单位 牵头单位 考核部门 评分部门 考核责任部门 owner",
    "source": "数据来源 资料来源 来源 数据提供单位 source",
    "blank": """
        得分 自评 自评分 自评得分 自评分数 考核得分 考核分 实得分 考评得分 考评分 核定分 核定得分
        评分 扣分 扣分原因 加减分原因 备注 说明 打分 检查得分 复核分 最终得分
        score selfscore remarks remark note notes deduction
        """,
}
_ROLES: dict[str, ColumnRole] = {
    title: role for role, titles in _TITLES.items() for title in titles.split()
}
TITLE_MARK = re.compile(
    "第?[一二三四五六七八九十]{1,3}(?:[、.．：:]|部分[、：:]?|[章节项]\\s)|[（(][一二三四五六七八九十]{1,3}[）)]"
)
"""The number of a section in front of its title."""
_BEHIND = re.compile(r"[(（][^()（）]*[)）]\s*$")
_FEWEST_TITLES = 2
_WEIGHTS = frozenset(["权重", "weight"])
"""Titles of what is a share where another column has points."""


class Columns(NamedTuple):
    """What each column of a table holds, from left to right."""

    roles: dict[int, ColumnRole]
    titles: dict[int, str]
    total: Decimal | None = None
    """The points of all, where a title says them: 分值（100分）."""

    def of(self, *roles: ColumnRole) -> list[int]:
        """The columns that hold one of these."""
        return [column for column, role in sorted(self.roles.items()) if role in roles]


def role_of(title: str) -> ColumnRole:
    """What the column with a title holds; brackets behind it count nothing."""
    key = same_name_key(title)
    return _ROLES.get(key) or _ROLES.get(same_name_key(_BEHIND.sub("", title)), "")


def _names_indicator(title: str) -> bool:
    """True for a title that means sections wherever its column stands: 考核指标."""
    key = same_name_key(_BEHIND.sub("", title))
    return key.endswith(("指标", "indicator", "indicators"))


def with_second_row(head: RubricRow, below: RubricRow) -> RubricRow:
    """A head of two rows as one: the titles nearest to the rows below, as far as they say more."""
    own = {column: cell for column, cell in below.items() if role_of(cell.text)}
    return below | head | own


def is_head(row: RubricRow) -> bool:
    """True for the row with the titles of the columns."""
    roles = [role_of(cell.text) for cell in row.values()]
    known = [role for role in roles if role]
    return len(known) >= _FEWEST_TITLES and not {"section", "wording"}.isdisjoint(known)


def columns_of(head: RubricRow, body: Sequence[RubricRow], *, is_pasted: bool) -> Columns:
    """What each column holds, by the titles in a head and by how its cells are merged.

    A table that was pasted as cells says nothing of how wide its titles were.
    """
    used = sorted({column for row in body for column in row} | set(head))
    titles = {column: cell.text for column, cell in head.items()}
    if is_pasted and max(used) > max(titles):
        titles = _moved_to_the_right(titles, used)
    roles = {column: role_of(title) for column, title in titles.items()}
    named = [column for column, role in roles.items() if role in ("section", "wording")]
    last = max(named)
    for column in used:
        if column not in titles and min(named) < column < last:
            roles[column] = "section"
    stated = [split_points(title).points for title in titles.values()]
    total = next((points for points in stated if points is not None), None)
    wording = [column for column, role in sorted(roles.items()) if role == "wording"]
    if not wording:
        roles[last] = "wording"
    for column, role in roles.items():
        is_behind = wording and role == "section" and column > wording[-1]
        if is_behind and not _names_indicator(titles.get(column, "")):
            roles[column] = ""
    caps = [column for column, role in roles.items() if role == "cap"]
    plain = [column for column in caps if same_name_key(titles[column]) not in _WEIGHTS]
    if plain and max(plain) > last:
        roles |= dict.fromkeys((column for column in caps if column > max(plain)), "")
    for column in wording[:-1]:
        if _spans_rows(column, wording, body):
            roles[column] = "section"
    return Columns(roles, titles, total)


def columns_without_head(body: Sequence[RubricRow]) -> Columns:
    """The columns of a text without titles: the last one holds wordings, the others sections."""
    used = sorted({column for row in body for column in row})
    roles: dict[int, ColumnRole] = dict.fromkeys(used, "section")
    return Columns(roles | dict.fromkeys(used[-1:], "wording"), {})


def _moved_to_the_right(titles: dict[int, str], used: Sequence[int]) -> dict[int, str]:
    """Titles of a text, in which one stands for several columns: but for the first the last ones.

    A pasted table says nothing of merged cells: 考核指标, 考核内容 stand over three columns.
    """
    first, *others = sorted(titles)
    targets = used[len(used) - len(others) :] if others else []
    return {first: titles[first]} | {
        column: titles[other] for column, other in zip(targets, others, strict=True)
    }


def _spans_rows(column: int, wording: Collection[int], body: Sequence[RubricRow]) -> bool:
    """True for a column of wordings whose cells stand for several rows with others beside them."""
    others = [other for other in wording if other > column]
    return any(column not in row and any(other in row for other in others) for row in body)


def count_title_rows(rows: Sequence[RubricRow]) -> int:
    """The number of rows in front of a head that are titles: of one cell, without points."""
    number = 0
    for row in reversed(rows):
        text = next(iter(row.values())).text
        if len(row) > 1 or split_title_points(text).points is not None or is_sum(text):
            break
        number += 1
    return number


def is_sum(text: str) -> bool:
    """True for the title of a row of sums, with or without points behind it."""
    return names_a_summary(without_padding(split_title_points(text).text))


def take_title_rows(rows: Sequence[RubricRow]) -> Iterator[RubricRow]:
    """The rows of a text without a head that are above its sections and items."""
    for row in rows:
        text = next(iter(row.values())).text
        title = split_title_points(text)
        if len(row) > 1 or title.points is not None or title.doubtful or TITLE_MARK.match(text):
            return
        yield row
