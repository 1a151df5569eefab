"""The hidden sheet of a form: what is written there is read again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa_score.model.form_record import (
    FORM_VERSION,
    FactRow,
    FormRecord,
    KeptText,
    SumRow,
    UnknownVersionError,
    from_rows,
    to_rows,
)


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        *((kind, "[" * 30_000) for kind in ("note", "evidence", "measured")),
        *(("note", cell) for cell in ("5", "null", '["甲"]', "甲")),
        *(("evidence", cell) for cell in ("5", '"甲"', '{"甲": 1}')),
        *(("measured", cell) for cell in ("5", '"甲"', '["甲"]')),
        *(("kept", cell) for cell in ("5", '["甲"]', "[" * 30_000)),
    ],
)
def test_rows_that_nobody_could_have_written_are_refused(kind: str, cell: str) -> None:
    rows = [("format", FORM_VERSION), ("item", "A1", "3", "一")]
    assert from_rows(rows).items == ("A1",)
    shown = ("unit", "") if kind == "kept" else ("A1",)
    with pytest.raises(ValueError):  # noqa: PT011 -- JSON has its own words
        from_rows([*rows, (kind, *shown, cell)])


TEXTS = st.text(max_size=8)
NAMES = st.text("ABCabc甲乙0123456789", min_size=1, max_size=5)
NUMBERS = st.sampled_from(["", "3", "2.5"])


def by_name(names: list[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A value for some of the names, in their order."""
    some = st.lists(st.sampled_from(names), unique=True) if names else st.just([])
    return some.flatmap(
        lambda chosen: st.fixed_dictionaries({name: values for name in names if name in chosen})
    )


@st.composite
def records(draw: st.DrawFn) -> FormRecord:
    items = draw(st.lists(NAMES, unique=True, max_size=4))
    counts = {item: draw(st.integers(0, 2)) for item in items}
    facts = {
        f"{item}-{number}": FactRow(item, draw(NAMES), draw(st.sampled_from(["count", "yes"])))
        for item, count in counts.items()
        for number in range(1, count + 1)
    }
    bonus = [f"+{name}" for name in draw(st.lists(NAMES, unique=True, max_size=2))]
    vetoes = [f"!{name}" for name in draw(st.lists(NAMES, unique=True, max_size=2))]
    beyond = dict.fromkeys(bonus, "adjustment") | dict.fromkeys(vetoes, "veto")
    lines = [*items, *facts, *beyond]
    kept = st.builds(KeptText, TEXTS, TEXTS)
    return FormRecord(
        rubric=draw(NAMES),
        decimals=draw(NUMBERS),
        unit=draw(st.none() | TEXTS),
        holder=draw(TEXTS),
        labels=draw(st.dictionaries(NAMES, TEXTS, max_size=4)),
        items=tuple(items),
        facts=facts,
        beyond=beyond,
        caps={line: draw(NUMBERS) for line in lines},
        texts={line: draw(TEXTS) for line in lines},
        rules=draw(by_name(lines, TEXTS)),
        titles=tuple(draw(st.lists(TEXTS, unique=True, max_size=2))),
        computed=draw(by_name(items, TEXTS)),
        inapplicable=draw(by_name(items, TEXTS)),
        sums=tuple(
            SumRow(
                section,
                draw(TEXTS),
                draw(TEXTS),
                tuple(draw(st.lists(NAMES, max_size=3))),
                draw(NUMBERS),
                draw(NAMES),
            )
            for section in draw(st.lists(NAMES, unique=True, max_size=3))
        ),
        evidence=draw(by_name(items, st.lists(TEXTS, min_size=1, max_size=3))),
        measured=draw(by_name(items, st.dictionaries(NAMES, st.none() | TEXTS, max_size=2))),
        notes=draw(by_name(items, TEXTS)),
        kept=draw(st.dictionaries(NAMES, kept, max_size=2)),
    )


@given(records(), st.lists(records(), max_size=2))
def test_a_record_is_read_as_it_was_written(record: FormRecord, rows: list[FormRecord]) -> None:
    assert from_rows(to_rows(record)) == record
    table = record._replace(table=tuple(rows))
    assert from_rows(to_rows(table)) == table


@given(records(), st.text(max_size=3).filter(lambda version: version != "2"))
def test_rows_of_another_version_are_not_read(record: FormRecord, version: str) -> None:
    _, *rows = to_rows(record)
    with pytest.raises(UnknownVersionError) as caught:
        from_rows([("format", version), *rows])
    assert caught.value.version == version


@pytest.mark.parametrize("kept", ["", "{", "[1"])
def test_what_nobody_wrote_there_is_refused(kept: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_rows([("format", "2"), ("evidence", "A1", kept)])
