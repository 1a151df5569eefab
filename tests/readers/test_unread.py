"""Files that no reader knows, by their names."""

from pathlib import Path

import pytest

from epa_score.readers.files import READERS
from epa_score.readers.unread import (
    SHEET_SUFFIXES,
    is_of_system,
    is_package,
    locked_name,
    unreadable_as,
)


def test_the_endings_that_are_read_are_those_of_the_readers() -> None:
    assert tuple(READERS) == SHEET_SUFFIXES
    assert [unreadable_as(f"甲镇{suffix}") for suffix in SHEET_SUFFIXES] == [""] * 3


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((f"甲镇{suffix}", "table") for suffix in (".xls", ".XLS", ".et", ".ods", ".csv")),
        *((f"甲镇{suffix}", "table") for suffix in (".xlsm", ".xlsb", ".tsv", ".xltx", ".ksheet")),
        ("甲镇.numbers", "numbers"),
        *((f"甲镇{suffix}", "archive") for suffix in (".zip", ".rar", ".7z", ".tar.gz", ".eml")),
        *((f"甲镇{rest}", "renamed") for rest in (".yaml.txt", ".xlsx (1)", ".xlsx_", ".yml~")),
        *((f"甲镇{rest}", "renamed") for rest in (".yaml.bak", ".XLSX.副本", ".et.txt")),
        *((f"甲镇.xlsx{rest}", "partial") for rest in (".tmp", ".download", ".crdownload")),
        *((f"甲镇{suffix}", "") for suffix in (".doc", ".docx", ".wps", ".pdf", ".jpg", ".txt")),
        *((f"甲镇.xlsx{suffix}", "") for suffix in (".pdf", ".png", ".lnk")),
        *((name, "") for name in ("甲镇", "说明.md", "甲镇.xlsxx", "甲镇.dat", ".gitignore")),
    ],
)
def test_a_name_tells_what_may_hold_a_sheet(name: str, kind: str) -> None:
    assert unreadable_as(f"scores/东片/{name}") == kind


def test_a_backup_beside_its_original_is_no_sheet_of_its_own(tmp_path: Path) -> None:
    backups = [tmp_path / f"甲镇.yaml{ending}" for ending in ("~", ".bak", ".tmp", ".orig")]
    assert all(unreadable_as(str(path)) for path in backups)
    (tmp_path / "甲镇.yaml").touch()
    assert not any(unreadable_as(str(path)) for path in backups)
    assert unreadable_as(str(tmp_path / "甲镇.yaml.txt")) == "renamed"


@pytest.mark.parametrize(
    ("name", "locked"),
    [
        ("~$甲镇.xlsx", "甲镇.xlsx"),
        ("~$甲镇.et", "甲镇.et"),
        (".~甲镇.xlsx", "甲镇.xlsx"),
        (".~lock.甲镇.xlsx#", "甲镇.xlsx"),
        (".~lock.甲镇.ods#", "甲镇.ods"),
        ("~$通知.docx", ""),
        (".~lock.通知.odt#", ""),
        ("甲镇.xlsx", ""),
        ("~甲镇.xlsx", ""),
    ],
)
def test_a_lock_file_names_the_form_that_is_open(name: str, locked: str) -> None:
    assert locked_name(name) == locked


def test_what_a_system_keeps_for_itself_is_nobodys_file() -> None:
    assert all(map(is_of_system, ("Thumbs.db", "desktop.ini", ".DS_Store", "._甲镇.xlsx")))
    assert not any(map(is_of_system, ("甲镇.db", "说明.ini")))
    assert is_package("甲镇.Numbers")
    assert not is_package("东片")
