"""Rubrics with rules and sheets with facts, from the notation of the field."""

from decimal import Decimal
from functools import lru_cache
from textwrap import indent

from epa_score import Rubric, ScoreSheet
from epa_score.model import Score, exactly
from epa_score.readers import yaml
from epa_score.readers.rubrics import RubricFile, RubricLibrary, rubric_of
from epa_score.readers.sheets import SheetFile, sheet_of
from epa_score.rules.item_rule import Rules
from epa_score.rules.rule import Case, Working
from epa_score.values.facts import read_facts

HEAD = "id: county\ntitle: 某县考核评分细则\n"


def read_rubric(text: str) -> RubricFile:
    """The rubric in a text, or what is wrong with it."""
    return rubric_of(text.encode(), yaml.read("rubric.yaml", text.encode()))


@lru_cache
def sound(text: str) -> Rubric:
    """The rubric in a text, which is sound."""
    found = read_rubric(text)
    assert found.rubric is not None, found.diagnostics
    return found.rubric


def unchecked_sheet(text: str) -> ScoreSheet:
    """The sheet in a text, not yet compared with any rubric."""
    return ScoreSheet.model_validate(yaml.read("sheet.yaml", text.encode()).value)


def text_of_items(items: str, *more: str) -> str:
    """A rubric of one section around lines of items, whatever their caps."""
    caps = [line.partition("max: ")[2].split(",")[0] for line in items.splitlines()]
    total = sum(int(cap) for cap in caps if cap)
    head = f"{HEAD}total: {total}\n" + "".join(f"{line}\n" for line in more)
    return f"{head}sections:\n  - id: S\n    title: 规则\n    max: {total}\n    items:\n" + indent(
        items, "      "
    )


def rubric_of_items(items: str, *more: str) -> Rubric:
    """The rubric of `text_of_items`."""
    return sound(text_of_items(items, *more))


def text_of_sections(sections: str, *more: str) -> str:
    """A rubric of sections, whose points are those of the outermost ones."""
    maxima = [line.split()[1] for line in sections.splitlines() if line.startswith("  max: ")]
    head = f"{HEAD}total: {sum(map(int, maxima))}\n" + "".join(f"{line}\n" for line in more)
    return f"{head}sections:\n" + indent(sections, "  ")


def rubric_of_sections(sections: str, *more: str) -> Rubric:
    """The rubric of `text_of_sections`."""
    return sound(text_of_sections(sections, *more))


def read_example(text: str) -> RubricFile:
    """The rubric of an example in `docs`: a whole one, or lines of sections or items."""
    if text.startswith("id:"):
        return read_rubric(text)
    return read_rubric(text_of_sections(text) if "items:" in text else text_of_items(text))


def read_scores(rubric: Rubric, scores: str, *, incomplete: bool = False) -> SheetFile:
    """A sheet of lines of scores, or what is wrong with it."""
    text = f"rubric: {rubric.id}\nunit: 示例甲镇\nscores:\n" + indent(scores, "  ")
    return read_sheet_text(rubric, text, incomplete=incomplete)


def read_sheet_text(rubric: Rubric, text: str, *, incomplete: bool = False) -> SheetFile:
    """The sheet in a text, or what is wrong with it."""
    library = RubricLibrary(given=RubricFile("rubric.yaml", b"", rubric, ()))
    return sheet_of(
        text.encode(), yaml.read("sheet.yaml", text.encode()), library, incomplete=incomplete
    )


def sheet_of_scores(rubric: Rubric, scores: str, *, incomplete: bool = False) -> ScoreSheet:
    """The sheet of `read_scores`, which is sound."""
    found = read_scores(rubric, scores, incomplete=incomplete)
    assert found.sheet is not None, found.diagnostics
    return found.sheet


def worked(rule: object, cap: Decimal, **facts: object) -> Decimal | None:
    """The points that a rule gives for facts as in a sheet, ``None`` while some are missing."""
    working = working_of(rule, cap, **facts)
    return None if working is None else working.points


def working_of(rule: object, cap: Decimal, **facts: object) -> Working | None:
    """The working of a rule for facts as in a sheet, ``None`` while some are missing."""
    shaped = Rules.model_validate(rule)
    given = Score.model_validate({name: str(value) for name, value in facts.items()})
    known, faults = read_facts(shaped.facts, given.facts)
    assert faults == ()
    with exactly():
        return shaped.working(Case(known, cap, decimals=2))
