"""A Word document in the layout of official documents, GB/T 9704-2012.

A4, margins of 37, 35, 28 and 26 mm, 22 lines of 28 characters on a page.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import docx

from epa_score.exporters.docx.blocks import paragraph_xml, room_xml
from epa_score.exporters.docx.package import save_package
from epa_score.exporters.docx.page import A4, SHEET, Page, add_footers, section_xml
from epa_score.exporters.docx.styles import define_styles
from epa_score.exporters.docx.tables import page_of_table, table_xml
from epa_score.exporters.docx.xml import word_text
from epa_score.i18n import Words
from epa_score.reports.document import Document, Paragraph, Part
from epa_score.reports.table import Table


def write(
    tables: Sequence[Table],
    file: BinaryIO,
    words: Words,
    document: Document | None = None,
    generator: str = "epa-score",
) -> None:
    """Write a document, else one of ``tables``, each on pages of its own.

    Every text is plain text, in which control characters are written out. Equal documents are
    equal files.
    """
    if document is None:
        titles = words("list.separator").join(table.title for table in tables)
        document = Document(titles, words.language, [[table] for table in tables])
    made = docx.Document()
    define_styles(made, document.language, is_sheet=document.is_handed_out)
    footers = add_footers(made, is_centred=document.is_handed_out)
    properties = made.core_properties
    properties.title = word_text(document.title)[:255]
    properties.language = document.language.replace("_", "-")
    save_package(made, _body_xml(document, footers, words), file, generator)


def _body_xml(document: Document, footers: str, words: Words) -> Iterator[str]:
    """The body piece by piece, so that a large one is never there as a whole."""
    is_sheet = document.is_handed_out
    last = section = ""
    for part in document.parts:
        if section:  # the properties of all parts but the last one stand in their last paragraph
            yield last.replace("</w:pPr>", f"{section}</w:pPr>", 1)
        page = SHEET if is_sheet else _page_of(part, words)
        section = section_xml(page, "" if section else footers, is_sheet=is_sheet)
        *pieces, last = _blocks_xml(part, page, words)
        yield from pieces
    yield last + section


def _page_of(part: Part, words: Words) -> Page:
    """The smallest page that has room for every table of a part."""
    pages = [page_of_table(block, words) for block in part if isinstance(block, Table)]
    return max(pages, key=lambda page: page.room, default=A4)


def _blocks_xml(part: Part, page: Page, words: Words) -> Iterator[str]:
    """The elements of a part, of which the last one is a paragraph."""
    about = ""
    for block in part:
        if isinstance(block, Paragraph):
            about = block.text
            yield paragraph_xml(block.text, block.role)
        elif isinstance(block, Table):
            yield from _around_table(block, block.title or about, page, words)
        else:
            yield room_xml(block, page.room)
    last = part[-1]
    if not isinstance(last, Paragraph) and not (isinstance(last, Table) and last.notes):
        yield paragraph_xml("", "note")


def _around_table(table: Table, about: str, page: Page, words: Words) -> Iterator[str]:
    """A table between its title and its notes; ``about`` is what stands above it."""
    if table.title:
        yield paragraph_xml(table.title, "title")
    if table.caption:
        yield paragraph_xml(table.caption, "caption")
    yield table_xml(table, about, page, words)
    for note in table.notes:
        yield paragraph_xml(note, "note")
