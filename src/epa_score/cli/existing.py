"""Files that stand where one is to be written: what they hold, and whether that would be lost.

A file is judged by the marks that the tool itself leaves in it, never by its name alone (see
decision: force-replaces-results-never-work).
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Literal

from epa_score.i18n import LANGUAGES, Words
from epa_score.readers.files import READERS
from epa_score.readers.to_model import kind_of

Refusal = Literal["", "form", "foreign", "input", "link", "shared", "folder", "special", "copy"]
"""The reason why a file is not replaced, as a variant of the words; empty where it may be."""


def refuse_but_result(path: str) -> Refusal:
    """Refuse a file unless it is a result that the tool exported in this format, or empty."""
    suffix = Path(path).suffix.lower()
    try:
        with Path(path).open("rb") as file:
            if not file.peek(1) or _RESULTS[suffix](file):
                return ""
        is_form = suffix == ".xlsx" and _texts_in(path, Path(path).read_bytes()) is not None
    except OSError:
        return "foreign"
    return "form" if is_form else "foreign"


def _is_workbook_of_results(file: BinaryIO) -> bool:
    from epa_score.readers.excel import is_exported  # noqa: PLC0415 -- few runs replace a workbook

    return is_exported(file.read())


_JSON = re.compile(rb' +"[a-z_]+": "epa-score [0-9]+\.[0-9][^"\n]*",?$')
_MARKDOWN = re.compile(rb"\| (?:[^|\n]*\| )+epa-score [0-9]+\.[0-9]")
_CSV_BEGINS = b"\xef\xbb\xbf"


def _is_json_of_results(file: BinaryIO) -> bool:
    """True where a line names the version; a file may be large, and is read line by line."""
    begins = file.readline() == b"{\n" and file.readline().startswith(b'  "')
    return begins and any(map(_JSON.match, file))


def _is_markdown_of_results(file: BinaryIO) -> bool:
    return file.readline().startswith(b"## ") and any(map(_MARKDOWN.match, file))


def _is_csv_of_results(file: BinaryIO) -> bool:
    """True for a tidy table, and one with the titles of a ranking, the cap behind its total."""
    from epa_score.reports.tidy import TIDY_COLUMNS  # noqa: PLC0415 -- few runs replace a table

    head = file.readline()
    if head.rstrip() == ",".join(TIDY_COLUMNS).encode():
        return True
    return head.startswith(_CSV_BEGINS) and any(
        title.match(head, len(_CSV_BEGINS)) for title in _titles_of_rankings()
    )


_HTML = re.compile(rb'<meta name="generator" content="epa-score [0-9]+\.[0-9][^"\n]*">$')
_HTML_HEAD = 12
"""The lines that a report has before its title at most."""


def _is_html_of_results(file: BinaryIO) -> bool:
    begins = file.readline() == b"<!DOCTYPE html>\n"
    return begins and any(map(_HTML.match, islice(file, _HTML_HEAD)))


def _is_document_of_results(file: BinaryIO) -> bool:
    """True for a document as it was written: what somebody filled in is work."""
    from epa_score.exporters.docx.package import is_as_written  # noqa: PLC0415 -- few runs replace one

    return is_as_written(file)


@cache
def _titles_of_rankings() -> list[re.Pattern[bytes]]:
    patterns = []
    for language in LANGUAGES:
        words = Words(language)
        begins = re.escape(f"{words('report.rank')},{words('report.unit')},")
        total = words("report.total", cap="0")
        base = words("report.capped", title=words("report.base"), cap="0")  # with adjustments
        capped = "|".join(re.escape(title).replace("0", "[0-9.]+") for title in (total, base))
        patterns.append(re.compile(f"{begins}.*(?:{capped})".encode()))
    return patterns


_RESULTS = {
    ".xlsx": _is_workbook_of_results,
    ".json": _is_json_of_results,
    ".md": _is_markdown_of_results,
    ".csv": _is_csv_of_results,
    ".html": _is_html_of_results,
    ".docx": _is_document_of_results,
}


def refuse_lost_texts(
    path: str,
    write: Callable[[BinaryIO], None],
    with_fields: Callable[[str, str], bytes] | None = None,
) -> Refusal:
    """Refuse a file unless it is a score sheet whose texts are all in the one that is written.

    A form is blank as well that is as the tool writes it ``with_fields``, its own period and
    assessor.
    """
    try:
        data = Path(path).read_bytes()
    except OSError:
        return "foreign"
    if not data:
        return ""
    said = _texts_in(path, data)
    if said is None:
        return "foreign"
    if with_fields is not None:
        fields = {keys[-2]: keys[-1] for keys in said if keys[-2] in _WRITTEN}
        blank = with_fields(fields.get("period", ""), fields.get("assessor", ""))
        above = data.removesuffix(blank)
        if above != data and all(line.startswith(b"#") for line in above.splitlines()):
            return ""
    new = BytesIO()
    write(new)
    kept = _texts_of_sheets(path, new.getvalue()) or set()
    if path.lower().endswith(".xlsx"):
        kept |= _texts_of_cells(new.getvalue())
    return "" if said <= kept else "form"


def refuse_worked_copy(path: str, new: bytes) -> Refusal:
    """Refuse a file unless it is a marked copy in which nobody has worked since.

    Who has saved it unchanged has not: all that it says is in the ``new`` copy as well.
    """
    from epa_score.exporters.xlsx import marks  # noqa: PLC0415 -- few runs mark forms

    try:
        data = Path(path).read_bytes()
    except OSError:
        return "foreign"
    found = marks.find_marks(data)
    if found.untouched or not data:
        return ""
    if not found.marked:
        return "foreign"
    said = _texts_of_sheets(path, data)
    is_known = said is not None and said <= (_texts_of_sheets(path, new) or set())
    return "" if is_known and found.notes <= marks.find_marks(new).notes else "copy"


def units_of_form(path: str) -> set[str] | None:
    """The names of the units on a form, as they stand there; ``None`` for what is no form."""
    try:
        said = _texts_of_sheets(path, Path(path).read_bytes())
    except OSError:
        return None
    if said is None:
        return None
    return {text for *_, name, text in said if name == "unit"}


def is_blank_form(path: str, part: str) -> bool:
    """True where the sheet in a part of a file says nothing of points, facts or reasons."""
    try:
        said = _texts_of_sheets(path, Path(path).read_bytes())
    except OSError:
        return False
    own = (text[1:] for text in said or () if text[0] == part)
    return said is not None and not any(keys[0] in _FILLED_IN for keys in own)


_FILLED_IN = ("scores", "adjustments", "veto")
"""The fields of a sheet that hold what assessors fill in."""

SaidText = tuple[str, ...]
"""Something that a sheet says, behind the names that lead to it."""


def _texts_in(path: str, data: bytes) -> set[SaidText] | None:
    """All that a file with score sheets says; ``None`` where it holds none.

    What was put into a workbook besides says something as well, whatever that is.
    """
    said = _texts_of_sheets(path, data)
    if said is None or not path.lower().endswith(".xlsx"):
        return said
    return _with_parts(said, data)


def _texts_of_sheets(path: str, data: bytes) -> set[SaidText] | None:
    """All that the sheets in a file say, and their findings: a cell that is not read is one."""
    said: set[SaidText] = set()
    for source in READERS[Path(path).suffix.lower()](path, data):
        if source.value is None or kind_of(source) != "sheet":
            return None
        said |= set(_texts(source.value, (source.part,)))
        said |= {(source.part, found.kind.code, str(found)) for found in source.findings}
    return said


def _with_parts(said: set[SaidText], data: bytes) -> set[SaidText]:
    """The texts of a form, and the names of the parts that were put into its workbook.

    While nobody has saved it, the fields that the tool itself filled in say nothing; else every
    cell says something, also those outside the form.
    """
    from epa_score.exporters.xlsx.workbook import CREATED  # noqa: PLC0415 -- YAML needs no XlsxWriter

    as_written = f">{CREATED:%Y-%m-%dT%H:%M:%SZ}</dcterms:modified>".encode()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        if _CORE in names and as_written in archive.read(_CORE):
            said = {text for text in said if text[1] not in _WRITTEN}
        else:
            said = said | _texts_of_cells(data)
    return said | {("", name, "") for name in names if _ADDED.search(name)}


def _texts_of_cells(data: bytes) -> set[SaidText]:
    """The text of every cell of a workbook with its place, but for results of formulas."""
    from epa_score.readers.excel import open_workbook  # noqa: PLC0415 -- most runs read no workbook
    from epa_score.readers.excel.workbook import plain_text  # noqa: PLC0415 -- likewise

    return {
        (sheet.title, cell.coordinate, plain_text(cell.value))
        for sheet in open_workbook(data).worksheets
        for cell in sheet.cells.values()
        if not cell.formula
    }


_ADDED = re.compile(r"comments|drawings|media|embeddings", re.IGNORECASE)
"""The parts of a workbook that no form has until somebody works in it."""

_WRITTEN = ("unit", "period", "assessor")
"""The fields that the tool itself fills in, in a workbook that nobody has saved since."""

_CORE = "docProps/core.xml"


def _texts(value: Any, keys: SaidText) -> Iterator[SaidText]:
    """The texts below a value, which are not empty, each with its keys; the rubric is no text."""
    if isinstance(value, dict):
        for key, entry in value.items():
            if (key, len(keys)) != ("rubric", 1):
                yield from _texts(entry, (*keys, str(key)))
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            yield from _texts(entry, (*keys, str(number)))
    elif value is not None and str(value).strip():
        yield (*keys, str(value))
