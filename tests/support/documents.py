"""Word documents of the examples in both languages, and what a reader finds in one."""

import re
import shutil
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import docx
import pytest
from docx.table import Table
from tests.support.every_table import EXAMPLES
from tests.support.paths import ROOT

from epa_score.cli.main import main

DOCUMENTS = tuple(sorted(EXAMPLES))
KINDS = ("notice", "feedback")


@cache
def document_of(name: str, language: str, kind: str = "notice") -> bytes:
    """The notice or the feedback on an example, whose rubrics are said to be in a language."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        source, options = ROOT / "examples" / name, EXAMPLES[name]
        target = Path(folder, "scores" if name == "scores" else ".")
        shutil.copytree(source, target, dirs_exist_ok=True)
        if name == "scores":
            shutil.copytree(ROOT / "rubrics", Path(folder, "rubrics"))
        for path in Path(folder, "rubrics").glob("*.yaml"):
            path.write_text(path.read_text("utf-8") + f"lang: {language}\n", "utf-8")
        patch.chdir(folder)
        asked = ["--docx", *(["--feedback"] if kind == "feedback" else [])]
        assert main(["--quiet", "export", *options, *asked, "-o", "out.docx"]) == 0
        return Path(folder, "out.docx").read_bytes()


def opened(content: bytes) -> Any:
    """A document as python-docx reads it."""
    return docx.Document(BytesIO(content))


def text_of_document(content: bytes) -> str:
    """What stands in a document: the styles of paragraphs, tables a line a row, pages apart."""
    return "".join(f"{line}\n" for line in _lines(opened(content)))


def _lines(document: Any) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                texts = (cell.text.replace("\n", " / ") for cell in row.cells)
                yield f"| {' | '.join(texts)} |"
            continue
        text = block.text.replace("\n", " / ")
        yield text if block.style.name == "Normal" else f"[{block.style.name}] {text}"
        if block._p.pPr is not None and block._p.pPr.find("{*}sectPr") is not None:
            yield "-" * 20


def texts_in(content: bytes, style: str) -> list[str]:
    """The texts of the paragraphs of a style, without the ends of their lines."""
    found = (own for own in opened(content).paragraphs if own.style.name == style)
    return [re.sub("\n", "", own.text) for own in found]
