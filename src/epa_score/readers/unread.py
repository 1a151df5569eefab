"""Files that no reader knows: which of them may hold a score sheet, and what their names tell.

A file is judged by its name alone. What is no table, no archive and no renamed sheet is taken for
a document, a picture or a scan, which a folder of sheets may well hold.
"""

import os
import re
from typing import Literal

Unreadable = Literal["", "table", "numbers", "archive", "renamed", "partial"]
"""What a file that may hold a score sheet is, and so what is to be done; empty for a document."""

SHEET_SUFFIXES = (".yaml", ".yml", ".xlsx")
"""The endings of files that are read."""

_TABLES = (
    *(".xls", ".xlsm", ".xlsb", ".xlt", ".xltx", ".xltm", ".xlw", ".et", ".ett", ".uos"),
    *(".ods", ".ots", ".fods", ".sxc", ".csv", ".tsv", ".dif", ".slk", ".dbf", ".gsheet"),
    ".ksheet",  # 智能表格 of WPS
)
_NUMBERS = ".numbers"
_ARCHIVES = (
    *(".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".cab", ".arj", ".lzh"),
    *(".zipx", ".001", ".iso", ".eml", ".msg"),
)
_DOCUMENTS = (
    *(".doc", ".docx", ".docm", ".dot", ".dotx", ".wps", ".wpt", ".odt", ".rtf", ".pages", ".uot"),
    *(".pdf", ".ofd", ".caj", ".ppt", ".pptx", ".dps", ".odp", ".key", ".md", ".htm", ".html"),
    *(".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".svg"),
    *(".mp3", ".mp4", ".mov", ".avi", ".wav", ".m4a", ".lnk", ".url"),
)
_CLOUD = ".icloud"
"""Stands behind the name of a file that is still in the cloud of macOS, and ``.`` before it."""

_UNFINISHED = (
    *(".tmp", ".temp", ".download", ".crdownload", ".opdownload", ".part", ".partial", ".td"),
    *(".xltd", ".aria2", ".filepart", _CLOUD),
)
_KINDS: dict[str, Unreadable] = {
    **dict.fromkeys((*SHEET_SUFFIXES, *_DOCUMENTS), ""),
    **dict.fromkeys(_TABLES, "table"),
    **dict.fromkeys(_ARCHIVES, "archive"),
    _NUMBERS: "numbers",
}
_LEFTOVERS = ("~", ".bak", ".tmp", ".orig", ".old", ".swp")
_INNER = re.compile(
    "(?:" + "|".join(map(re.escape, (*SHEET_SUFFIXES, *_TABLES, _NUMBERS))) + ")(?![a-z])"
)
_SYSTEM = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})
_LOCKS = (re.compile(r"~\$(.+)"), re.compile(r"\.~lock\.(.+)#"), re.compile(r"\.~(.+)"))


def unreadable_as(path: str) -> Unreadable:
    """What a file is that may hold a score sheet and cannot be read, by its name.

    What another program left behind beside the file itself, such as a backup, is none.
    """
    name = os.path.basename(path).lower()
    suffix = os.path.splitext(name)[1]
    if suffix in _KINDS:
        return _KINDS[suffix]
    inner = _INNER.search(name)
    if inner is None:
        return ""
    original = path[: len(path) - len(name) + inner.end()]
    if name.endswith(_LEFTOVERS) and original != path and os.path.exists(original):
        return ""
    return "partial" if suffix in _UNFINISHED else "renamed"


def is_package(name: str) -> bool:
    """True for a folder that is a file to people, as Numbers writes it."""
    return name.lower().endswith(_NUMBERS)


def is_of_system(name: str) -> bool:
    """True for a file that a system keeps in a folder for itself, where nobody sees it."""
    is_hidden = name.startswith(".") and not name.lower().endswith(_CLOUD)
    return is_hidden or name.lower() in _SYSTEM


def locked_name(name: str) -> str:
    """The file that a lock file says is open in a program; empty for what is no such lock.

    Excel and WPS put ``~$`` before the name or ``.~``, LibreOffice ``.~lock.`` and ``#`` around it.
    """
    for lock in _LOCKS:
        found = lock.fullmatch(name)
        if found and (found[1].lower().endswith(SHEET_SUFFIXES) or unreadable_as(found[1])):
            return found[1]
    return ""
