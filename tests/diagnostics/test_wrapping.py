"""Lines end where people would end them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from epa_score.diagnostics.wrapping import count_cells, wrap
from epa_score.exporters.cell_text import wrap_title
from epa_score.i18n import LANGUAGES, Words

CLOSING = "，。、；：）」』》！？,.;:)"
TEXTS = st.lists(
    st.sampled_from(
        [*CLOSING, *"（《“(", " ", "甲", "乡镇", "A3", "word", "8.5", "扶贫工作", "township"]
    )
).map("".join)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("贫困村、贫困户信息", 6, ["贫困", "村、贫", "困户信", "息"]),
        ("see the score sheets", 9, ["see the", "score", "sheets"]),
        ("满分（25）", 6, ["满分", "（25）"]),
        ("得 9 分，超过", 8, ["得 9", "分，超过"]),
        ("", 5, []),
        ("甲", 1, ["甲"]),
        ("longword 甲", 4, ["longword", "甲"]),
    ],
)
def test_lines_end_between_words_and_behind_punctuation(
    text: str, width: int, lines: list[str]
) -> None:
    assert wrap(text, width) == lines


@given(TEXTS, st.integers(1, 60), st.booleans())
def test_no_line_begins_with_closing_punctuation(text: str, width: int, cut: bool) -> None:
    lines = wrap(text, width, cell_len, cut=cut)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    begins = [line.strip()[0] for line in lines[1:] if line.strip()]
    if not cut:
        assert not set(begins) & set(CLOSING)
    for line in lines:
        fits = cell_len(line) <= width
        assert fits or (cell_len(line[:1]) > width if cut else not re.search(r"\w \w", line))


@given(TEXTS.map(lambda text: re.sub(f"[{re.escape(CLOSING)}]+", "，", text)), st.integers(12, 60))
def test_what_is_cut_does_not_begin_badly_either(text: str, width: int) -> None:
    """Where there is one sign in a row, and room for a word."""
    for line in wrap(text.lstrip("， "), width, cell_len, cut=True):
        assert not line.startswith(tuple(CLOSING))
        assert cell_len(line) <= width


@given(TEXTS, st.integers(2, 40))
def test_no_word_is_broken(text: str, width: int) -> None:
    words = re.findall(r"[A-Za-z0-9]+", text)
    broken = [word for line in wrap(text, width) for word in re.findall(r"[A-Za-z0-9]+", line)]
    assert broken == words
    titles = wrap_title(text, width).split("\n")
    assert [word for line in titles for word in re.findall(r"[A-Za-z0-9]+", line)] == words


def test_what_is_to_stay_together_does() -> None:
    assert wrap("scores/示例甲镇.yaml:4:21: 错误 得 9 分", 10, keep=21)[0].startswith(
        "scores/示例甲镇.yaml:4:21"
    )


_GOES_ON = (
    *("separator", "joiner", "joined", "colon", "and_lost", "page.full_before"),
    *("notice.highest", "notice.lowest", "notice.stop", "notice.beside_part", "notice.of_some"),
)
"""The ends of the keys of texts that stand behind another one in its line."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_a_catalogue_begins_with_closing_punctuation(language: str) -> None:
    words = Words(language)
    texts = [key for key in words.keys() if not key.endswith(_GOES_ON)]  # noqa: SIM118 -- no dict
    lines = [line for text in map(words.get, texts) for line in (text or "").splitlines()]
    assert len(lines) > 1000
    lines = [line for line in lines if not line.strip().startswith("...")]
    assert [line for line in lines if line.strip().startswith(tuple(CLOSING))] == []
    assert max(map(count_cells, lines)) > 80
