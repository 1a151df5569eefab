"""Rounds of marks on forms in which other people wrote comments: one mark a cell, the last one."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from tests.support.commands import Run
from tests.support.form_parts import Change, changed, number, rewritten
from tests.support.forms import edited, example, form
from tests.support.marks import coloured, comments, marked, said
from tests.support.paths import ROOT

from epa_score.exporters.xlsx.marks import Remark, marked_copy

CASE = ROOT / "tests" / "data" / "marks" / "comment-of-somebody-in-a-faulty-cell.xlsx"
HEAD = "epa-score:"


def marks_in(text: str) -> int:
    """The marks in a comment; a line of somebody that begins like one goes on behind it."""
    return text.splitlines().count(HEAD)


def test_a_second_round_renews_the_mark_below_the_comment_of_somebody(
    folder: Path, run: Run
) -> None:
    (folder / "甲镇.xlsx").write_bytes(CASE.read_bytes())
    before = comments(CASE.read_bytes())
    assert run("validate", "甲镇.xlsx", "--mark", "退回").code == 1
    first = (folder / "退回" / "甲镇.xlsx").read_bytes()
    assert comments(first)["E5"].startswith(f"{before['E5']}\n{HEAD}\nA1 得 9 分")
    (folder / "甲镇.xlsx").write_bytes(changed(first, number("E5", "-1")))
    assert run("validate", "甲镇.xlsx", "--mark", "再退").code == 1
    after = comments((folder / "再退" / "甲镇.xlsx").read_bytes())
    assert after["E5"].startswith(f"{before['E5']}\n{HEAD}\nA1 写的是负数 -1")
    assert {cell: marks_in(text) for cell, text in after.items()} == {
        **dict.fromkeys(before, 0),
        **dict.fromkeys(["E5", "E6", "E7", "E12"], 1),
    }
    assert all(after[cell].startswith(text) for cell, text in before.items())


COMMENTS = "xl/comments/comment1.xml"
WORDS = [
    "请核对",
    "请核对\n第二行",
    "epa-score 说得对",
    "epa-score: 这句是人写的",
    " 甲 < 乙 & 丙 ",
]


def commented(words: str, *changes: Change, cell: str = "E7") -> bytes:
    """A form with a comment of somebody in a cell, as a program wrote it."""

    def comment(workbook: Any) -> None:
        workbook.worksheets[0][cell].comment = Comment(words, "县办")
        workbook.worksheets[0]["F9"].comment = Comment("别的话", "县办")

    return changed(edited(comment), *changes)


def in_threads(parts: dict[str, bytes]) -> None:
    """Comments as Excel 365 writes them: threads, beside a text for programs that know none."""
    parts[COMMENTS] = parts[COMMENTS].replace("县办".encode(), b"tc={0B1C}")
    thread = b'<ThreadedComments><threadedComment ref="E7"><text>x</text></threadedComment>'
    parts["xl/threadedComments/threadedComment1.xml"] = thread + b"</ThreadedComments>"
    parts["xl/persons/person.xml"] = b"<personList/>"


RUNS = rewritten(r"<text>(<t.*?</t>)</text>", r"<text><r><rPr/>\1</r></text>", COMMENTS)
SPLIT = rewritten(r"(<t(?: [^>]*)?>)(.)", r"\1\2</t></r><r>\1", COMMENTS)
PROGRAMS: dict[str, tuple[Change, ...]] = {
    "without runs": (),
    "with runs": (RUNS,),
    "in several runs": (RUNS, SPLIT),
    "in threads": (RUNS, in_threads),
    "in threads without runs": (in_threads,),
    "without boxes": (
        lambda parts: parts.update(
            {name: b"<xml></xml>" for name in parts if name.endswith(".vml")}
        ),
    ),
    "with spaces around": (rewritten(r"<text>(.*?)</text>", "<text>\n \\1\n</text>", COMMENTS),),
}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("words", WORDS[:3])
def test_any_number_of_rounds_leaves_one_mark(name: str, words: str) -> None:
    data = commented(words, *PROGRAMS[name])
    own = comments(data)["E7"]
    for remark in ("一", "二\n二", "三 <&>", "三 <&>"):
        data = marked(data, Remark("", 7, 5, remark), Remark("", 1, 1, "整张表"))
        assert comments(data) == {
            "A1": said("整张表"),
            "E7": f"{own}\n{said(remark)}",
            "F9": "别的话",
        }
        assert coloured(data) == {"A1", "E7"}
    data = marked(data, Remark("", 8, 5, "别处"))
    assert comments(data) == {"E7": own, "E8": said("别处"), "F9": "别的话"}
    assert coloured(data) == {"E8"}


@pytest.mark.parametrize("words", WORDS)
def test_words_that_speak_of_the_tool_stay(words: str) -> None:
    data = commented(words)
    for remark in ("一", "二"):
        data = marked(data, Remark("", 7, 5, remark))
    text = comments(data)["E7"]
    assert text.endswith(said("二"))
    assert marks_in(text) == 1


def resaved(data: bytes) -> bytes:
    """A copy that another program saved in between."""
    workbook = load_workbook(io.BytesIO(data))
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def joined(data: bytes) -> bytes:
    """A copy that another program saved with one run a comment."""
    part = "xl/comments/comment1.xml"
    pattern = re.compile(rb"</t></r><r>(?:<rPr>.*?</rPr>)?<t[^>]*>", re.DOTALL)
    return changed(data, lambda parts: parts.update({part: pattern.sub(b"", parts[part])}))


@pytest.mark.parametrize("between", [resaved, joined, lambda data: joined(resaved(data))])
def test_what_a_program_saved_between_two_rounds_is_renewed(
    between: Callable[[bytes], bytes],
) -> None:
    data = commented("请核对")
    for remark in ("一", "二", "三"):
        data = between(marked(data, Remark("", 7, 5, remark), Remark("", 8, 6, remark)))
    assert comments(data) == {
        "E7": f"请核对\n{said('三')}",
        "F8": said("三"),
        "F9": "别的话",
    }


def test_threads_that_are_not_shown_are_named_in_every_round() -> None:
    data = commented("请核对", in_threads)
    for remark in ("一", "二"):
        copy = marked_copy(data, [Remark("", 7, 5, remark)])
        assert copy.threads == ("E7",)
        data = copy.data


def test_a_round_on_a_form_without_comments_is_as_one_on_a_new_form() -> None:
    once = marked(form(example()), Remark("", 7, 5, "二"))
    twice = marked(marked(form(example()), Remark("", 7, 5, "一")), Remark("", 7, 5, "二"))
    assert comments(once) == comments(twice)


def test_marks_whose_boxes_are_lost_are_taken_off() -> None:
    first = marked_copy(form(example()), [Remark("评分表", 5, 5, "说明")]).data
    bare = changed(
        first,
        rewritten("<legacyDrawing[^>]*>", ""),
        rewritten("<Relationship [^>]*vmlDrawing[^>]*>", "", "xl/worksheets/_rels/sheet1.xml.rels"),
    )
    assert comments(bare)
    assert comments(marked_copy(bare, []).data) == {}
