"""The page on what is collected so far, in one HTML file like a report."""

from pathlib import PurePath
from typing import BinaryIO
from urllib.parse import quote

from epa_score.exporters.html import html_environment, html_language
from epa_score.reports.collection import CollectionPage


def write_collection(page: CollectionPage, file: BinaryIO, generator: str = "epa-score") -> None:
    """Write a page that lies in a folder below that from which its paths lead."""
    text = (
        html_environment()
        .get_template("collection.html.j2")
        .render(
            page=page,
            language=html_language(page.language),
            generator=generator,
            link=_link_to_file,
        )
    )
    file.write(text.encode())


def _link_to_file(path: str) -> str:
    return quote(f"../{PurePath(path).as_posix()}")
