"""Archives are the same bytes for the same files."""

import io
import os
import stat
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from bundle.archives import digest_of, put_file, write_tar, zip_of

FILES = {
    "考核评分/开始.cmd": b"@echo off\r\n",
    "考核评分/a/b.txt": b"b" * 1000,
    "考核评分/a.txt": b"",
}


def test_a_zip_is_the_same_whenever_and_in_whatever_order(monkeypatch: pytest.MonkeyPatch) -> None:
    first = zip_of(FILES)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    umask = os.umask(0o077)
    try:
        again = zip_of(dict(reversed(FILES.items())))
    finally:
        os.umask(umask)
    assert first == again


def test_a_zip_holds_the_files_and_nothing_of_the_system() -> None:
    with zipfile.ZipFile(io.BytesIO(zip_of(FILES))) as archive:
        entries = archive.infolist()
        assert {entry.filename: archive.read(entry) for entry in entries} == FILES
    assert [entry.filename for entry in entries] == sorted(FILES)
    utf_8 = 0x800
    assert all(entry.flag_bits & utf_8 for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {(entry.create_system, entry.external_attr) for entry in entries} == {
        (3, (stat.S_IFREG | 0o644) << 16)
    }


def test_the_digest_follows_names_and_contents_alone() -> None:
    digest = digest_of(FILES)
    assert digest == digest_of(dict(reversed(FILES.items())))
    assert digest != digest_of({**FILES, "考核评分/a.txt": b"x"})
    assert digest != digest_of(
        {("b" if name == "考核评分/a.txt" else name): FILES[name] for name in FILES}
    )


@pytest.mark.skipif(os.name != "posix", reason="modes and links as POSIX has them")
def test_a_tar_keeps_programs_and_links_and_forgets_dates(tmp_path: Path) -> None:
    folder = tmp_path / "考核评分"
    (folder / "program").mkdir(parents=True)
    (folder / "program" / "run").write_bytes(b"#!/bin/sh\n")
    (folder / "program" / "run").chmod(0o700)
    (folder / "说明.txt").write_bytes(b"x")
    (folder / "说明.txt").chmod(0o600)
    (folder / "link").symlink_to("program/run")
    write_tar(folder, tmp_path / "1.tar.gz")
    os.utime(folder / "说明.txt", (1, 1))
    write_tar(folder, tmp_path / "2.tar.gz")
    assert (tmp_path / "1.tar.gz").read_bytes() == (tmp_path / "2.tar.gz").read_bytes()
    with tarfile.open(tmp_path / "1.tar.gz") as archive:
        entries = {entry.name: entry for entry in archive}
    modes = {name: entry.mode for name, entry in entries.items() if not entry.issym()}
    assert modes == {
        "考核评分/program": 0o755,
        "考核评分/program/run": 0o755,
        "考核评分/说明.txt": 0o644,
    }
    assert entries["考核评分/link"].linkname == "program/run"
    assert {(entry.mtime, entry.uid, entry.uname) for entry in entries.values()} == {(0, 0, "")}


def test_an_archive_is_whole_or_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "dist" / "a.zip"
    put_file(b"old", target)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        put_file(b"new", target)
    assert [path.name for path in target.parent.iterdir()] == ["a.zip"]
    assert target.read_bytes() == b"old"
