"""Rubrics made from files of somebody else: tables in Excel or CSV, and pasted text."""

import os
import re
from typing import NamedTuple

from epa_score.checks.rubric_draft import check_draft, sums_of_rows
from epa_score.diagnostics import Diagnostic, Finding, Kind, Parameter, Place, in_order
from epa_score.model.rubric_draft import RubricDraft, complete
from epa_score.readers.files import STDIN
from epa_score.readers.foreign_table import ForeignTable, read_tables
from epa_score.readers.rubric_table import drafts_of_table
from epa_score.readers.rubric_text import (
    drafts_of_outline,
    holds_cells,
    holds_rows,
    table_of_cells,
)
from epa_score.readers.source import Source

SUFFIXES = (".xlsx", ".csv", ".txt")
"""The endings of files that rubrics are made from."""

_NO_TITLE = re.compile(r"(?:sheet|工作表|表)\s*[0-9]*", re.IGNORECASE)


class DraftFile(NamedTuple):
    """The rubrics that a file says, and every doubt about them."""

    drafts: list[RubricDraft]
    diagnostics: tuple[Diagnostic, ...]


def read_drafts(path: str) -> DraftFile:
    """The rubrics in a file: one a table. Where there are none, a diagnostic says why."""
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in SUFFIXES and (os.path.exists(path) or path == STDIN):
        about: dict[str, Parameter] = {"suffix": suffix or "-", "known": SUFFIXES}
        finding = Finding(Kind.UNSUPPORTED_FORMAT, Place(), about, "original")
        return DraftFile([], tuple(Source(path).diagnose([finding])))
    source, tables = read_tables(path)
    if source.findings:
        return DraftFile([], in_order(source.diagnose(source.findings)))
    drafts, findings = _drafts_of(suffix, source, tables)
    for draft in drafts:
        if not draft.title:
            _take_name(draft, path)
        complete(draft)
        findings += _doubts_of(draft)
    drafts = [draft for draft in drafts if draft.sections]
    if drafts and not any(draft.total or _has_points(draft) for draft in drafts):
        drafts, findings = [], [Finding(Kind.RUBRIC_TABLE_MISSING, drafts[0].place, {}, "points")]
    elif not drafts:
        variant = "text" if suffix == ".txt" else ""
        nowhere = Finding(Kind.RUBRIC_TABLE_MISSING, Place(), {}, variant)
        return DraftFile(
            [], in_order([*source.diagnose(findings), *Source(path).diagnose([nowhere])])
        )
    return DraftFile(drafts, in_order(source.diagnose(findings)))


def _doubts_of(draft: RubricDraft) -> list[Finding]:
    """Every doubt; of a rubric of which rows were not read no sums, which do not come to much."""
    found = check_draft(draft)
    if draft.blocked:
        return [finding for finding in found if finding.kind is not Kind.SUM_MISMATCH]
    rows = list(sums_of_rows(draft))
    draft.blocked = bool(rows)
    return [*found, *rows]


def _drafts_of(
    suffix: str, source: Source, tables: list[ForeignTable]
) -> tuple[list[RubricDraft], list[Finding]]:
    """The rubrics in it, and the first text of every table that none was found in."""
    findings: list[Finding] = []
    is_text = suffix == ".txt"
    if is_text and not holds_rows(source.text):
        if not holds_cells(source.text):
            return drafts_of_outline(source.text)
        table, findings = table_of_cells(source.text)
        return list(drafts_of_table(table, needs_head=False, is_pasted=True)), findings
    drafts: list[RubricDraft] = []
    for table in tables:
        made = [] if table.is_hidden else list(drafts_of_table(table, needs_head=not is_text))
        drafts += made
        if not made:
            first = next(iter(table.rows[0].values()))
            findings.append(Finding(Kind.TEXT_OF_NO_ITEM, first.place, {"text": first.text}))
    return drafts, findings if drafts else []


def _has_points(draft: RubricDraft) -> bool:
    """True where anything in it has points, or something that may be."""
    return any(
        section.max is not None
        or section.doubtful
        or any(item.max is not None or item.doubtful for item in section.items)
        for section in draft.walk()
    )


def _take_name(draft: RubricDraft, path: str) -> None:
    """Call a rubric without a title by its worksheet, or by its file."""
    is_named = draft.name and not _NO_TITLE.fullmatch(draft.name)
    draft.title = draft.name if is_named else os.path.splitext(os.path.basename(path))[0]
    about: dict[str, Parameter] = {"text": draft.title}
    draft.findings.append(Finding(Kind.TITLE_FROM_NAME, draft.place, about))
