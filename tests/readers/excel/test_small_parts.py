"""Small parts are read as trees, large ones piece by piece: both say the same of any part."""

import pytest
from hypothesis import settings
from tests.support import form_facts
from tests.support.examples import EVERYDAY
from tests.support.form_parts import TEXTS, changed, inserted, rewritten
from tests.support.forms import example, form
from tests.support.mutations import mutated

from epa_score.opc import Archive, WorkbookRefusedError
from epa_score.readers.excel import read_workbook

SOUND = form(example())
FACTS = form_facts.form_of(form_facts.sheet_in(form_facts.SHEET))
POINTS = '<c r="E7"[^>]*><v>8</v></c>'
"""The points of an item in the form."""


def told(data: bytes) -> object:
    """All that is known of a workbook, or the kind of its refusal."""
    try:
        book = read_workbook(data)
    except WorkbookRefusedError as refused:
        return refused.finding.kind
    return [
        {**vars(sheet), "cells": {place: cell[1:] for place, cell in sheet.cells.items()}}
        for sheet in book.worksheets
    ]


def told_in_pieces(data: bytes, monkeypatch: pytest.MonkeyPatch) -> object:
    with monkeypatch.context() as patched:
        patched.setattr(Archive, "small_content", lambda _archive, _name: None)
        return told(data)


@pytest.mark.parametrize("sound", [SOUND, FACTS], ids=["points", "facts"])
def test_mutated_forms_are_the_same_both_ways(
    sound: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = 60 if settings.get_current_profile_name() == EVERYDAY else 400
    forms = [sound, *(mutated(sound, change) for change in range(number))]
    both = [(told(data), told_in_pieces(data, monkeypatch)) for data in forms]
    assert [index for index, (tree, pieces) in enumerate(both) if tree != pieces] == []
    assert sum(isinstance(tree, list) for tree, _ in both) > number / 3


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="E7"><!-- points --><v>8<!-- of 8 --></v></c>',
        '<c r="E7"><v><![CDATA[8]]></v></c>',
        '<c r="E7"><v>8<?app note?>.5</v></c>',
        '<c r="E7"><v>&#56;</v></c>',
        '<c r="E7"><v>8<x/></v></c>',
        '<c r="E7"><v>8</v><v>7</v></c>',
        '<c r="E7"><v/></c>',
        '<c r="E7"><f>4+4</f><v>8</v></c>',
        '<c r="E7"><f t="shared" si="0"/><v>8</v></c>',
        '<c r="E7" t="inlineStr"><is><t>8</t></is></c>',
        '<c r="E7" t="inlineStr"><is><r><t>8</t></r><r><t>分</t></r></is></c>',
        '<c r="E7"><extLst><v>7</v></extLst><v>8</v></c>',
        '<c r="E7"><o:v xmlns:o="urn:other">7</o:v><v>8</v></c>',
        '<o:c xmlns:o="urn:other" r="E7"><v>8</v></o:c>',
        '<c r="E7"><row><v>8</v></row></c>',
        '<c r="E7"><v>8</v></c><c r="E7"><v>7</v></c>',
        '<c r="E8"><v>8</v></c>',
        "<c><v>8</v></c>",
    ],
)
def test_a_cell_is_the_same_both_ways(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = changed(SOUND, rewritten(POINTS, cell))
    assert data != SOUND
    assert told(data) == told_in_pieces(data, monkeypatch)


@pytest.mark.parametrize(
    "text",
    [
        "<si><t>一</t></si>",
        '<si><t xml:space="preserve"> 一 </t></si>',
        "<si><r><t>一</t></r><r><t>二</t></r></si>",
        "<si><t>一</t><rPh sb='0' eb='1'><t>yi</t></rPh></si>",
        "<si><t>一<t>二</t></t></si>",
        "<si/>",
        "<si><t/></si>",
        "<si><t>_x0041_</t></si>",
    ],
)
def test_a_text_is_the_same_both_ways(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = changed(SOUND, inserted(TEXTS, "</sst>", text))
    assert data != SOUND
    assert told(data) == told_in_pieces(data, monkeypatch)
