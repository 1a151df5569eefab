"""Which files are taken for the embeddable Python of Windows."""

import re
import zipfile
from pathlib import Path

import pytest
from bundle import embeddable
from bundle.embeddable import PUBLISHED, read_embeddable_python
from bundle.faults import BundleError
from tests.support.bundles import NAMES, write_embeddable_python
from tests.support.paths import ROOT


def test_a_zip_with_the_given_digest_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "python.zip"
    digest = write_embeddable_python(path)
    python = read_embeddable_python(path, f" {digest.upper()}\n")
    assert (python.version, python.stem) == ((3, 13), "python313")
    assert python.files.keys() == {*NAMES}
    assert all(python.files.values())


def test_what_is_unpacked_is_what_was_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "python.zip"
    digest = write_embeddable_python(path)
    monkeypatch.setattr(embeddable, "_check_digest", lambda *_: path.write_bytes(b"other"))
    assert read_embeddable_python(path, digest).files.keys() == {*NAMES}


def test_a_zip_with_a_known_digest_needs_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "python.zip"
    monkeypatch.setitem(embeddable.PUBLISHED, write_embeddable_python(path), "3.13.99")
    assert read_embeddable_python(path, None).version == (3, 13)


def test_known_digests_are_of_pythons_that_the_program_runs_on() -> None:
    assert len(PUBLISHED) >= 3
    for digest, version in PUBLISHED.items():
        assert re.fullmatch("[0-9a-f]{64}", digest)
        assert re.fullmatch(r"3\.1[2-9]\.\d+", version)


def test_known_digests_are_those_of_the_page() -> None:
    page = (ROOT / "docs" / "bundle.md").read_text("utf-8")
    rows = re.findall(r"^\| (3\S+) \| `([0-9a-f]+)` \|$", page, re.MULTILINE)
    assert {digest: version for version, digest in rows} == PUBLISHED


def test_an_unknown_digest_is_said_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "python.zip"
    digest = write_embeddable_python(path)
    with pytest.raises(BundleError, match=rf"{digest}, .* 3\.13\.15, .*--sha256"):
        read_embeddable_python(path, None)


def test_another_file_than_the_one_with_that_digest_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "python.zip"
    digest = write_embeddable_python(path)
    known = next(iter(PUBLISHED))
    with pytest.raises(BundleError, match=f"is {digest}, not {known}"):
        read_embeddable_python(path, known)


def without(*names: str) -> list[str]:
    return [name for name in NAMES if name not in names]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (without("python313._pth"), r"it has no python3NN\._pth"),
        ([*NAMES, "python312._pth"], r"it has no python3NN\._pth"),
        (without("python.exe", "python313.zip"), r"it lacks python\.exe, python313\.zip"),
        (["python39._pth", "python.exe", "python39.dll", "python39.zip"], r"is Python 3\.9"),
    ],
)
def test_what_is_no_embeddable_python_is_refused(
    names: list[str], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "python.zip"
    digest = write_embeddable_python(path, names)
    with pytest.raises(BundleError, match=message):
        read_embeddable_python(path, digest)


def test_a_file_that_is_no_zip_or_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "python.zip"
    with pytest.raises(BundleError, match="cannot be read: No such file"):
        read_embeddable_python(path, None)
    path.write_bytes(b"")
    digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    with pytest.raises(BundleError, match="is not a sound zip file"):
        read_embeddable_python(path, digest)
    assert not zipfile.is_zipfile(path)
