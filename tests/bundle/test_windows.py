"""The bundle for Windows: made twice with a stand-in for Python, and looked through."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from bundle import __main__ as command_line
from bundle import windows
from bundle.embeddable import EmbeddablePython
from bundle.faults import BundleError
from bundle.packages import packages_for_windows
from bundle.windows import MOST_BYTES, make_windows_bundle
from packaging.markers import Marker
from tests.support.bundles import NAMES, program_of_windows, write_embeddable_python
from tests.support.paths import ROOT

pytestmark = pytest.mark.process

TOP = "考核评分/"
PROGRAM = f"{TOP}program/"
OFFICIAL_PYTHON = 12_570_832
"""Bytes of the largest official zip that is known, that of 3.14.6."""


@pytest.fixture(scope="module")
def python_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("python") / "python 3.zip"
    write_embeddable_python(path)
    return path


@pytest.fixture(scope="module")
def bundle(python_zip: Path) -> Path:
    digest = hashlib.sha256(python_zip.read_bytes()).hexdigest()
    return make_windows_bundle(python_zip, digest, python_zip.with_name("bundle.zip"))


@pytest.fixture(scope="module")
def files(bundle: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def packages(files: dict[str, bytes]) -> dict[str, bytes]:
    (folder,) = {name.split("/")[2] for name in files if name.startswith(f"{PROGRAM}packages-")}
    start = f"{PROGRAM}{folder}/"
    return {name.removeprefix(start): data for name, data in files.items() if start in name}


def test_the_same_files_make_the_same_bytes(
    bundle: Path, python_zip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1234567890")
    monkeypatch.chdir(tmp_path)
    moved = Path(shutil.copy(python_zip, tmp_path / "other.zip"))
    digest = hashlib.sha256(moved.read_bytes()).hexdigest()
    again = make_windows_bundle(moved, digest, tmp_path / "again.zip")
    assert again.read_bytes() == bundle.read_bytes()


def test_a_clerk_sees_a_starter_and_how_to_use_it(files: dict[str, bytes]) -> None:
    seen = {PurePosixPath(name).parts[1] for name in files}
    assert seen == {"开始考核.cmd", "使用说明.txt", "program"}
    assert {name.split("/")[0] for name in files} == {"考核评分"}
    instructions = files[f"{TOP}使用说明.txt"]
    assert instructions.startswith(b"\xef\xbb\xbf")
    assert instructions.count(b"\n") == instructions.count(b"\r\n") > 40


def test_instructions_speak_of_what_is_there(files: dict[str, bytes]) -> None:
    text = files[f"{TOP}使用说明.txt"].decode("utf-8-sig")
    script = files[f"{TOP}开始考核.cmd"].decode("ascii")
    said = re.findall(r"窗口里写着 (.+)", text)
    assert len(said) == 1
    assert said[0].strip() in script
    commands = re.findall(r"program\\(\S+\.cmd)", text)
    assert commands
    assert {f"{PROGRAM}{name}" for name in commands} <= files.keys()
    assert all(len(line.encode("gbk")) <= 84 for line in text.splitlines())


def test_python_is_the_given_one_but_for_where_it_looks(files: dict[str, bytes]) -> None:
    names = {name.rpartition("/")[2] for name in files if name.startswith(f"{PROGRAM}python/")}
    assert names == {*NAMES}
    assert files[f"{PROGRAM}python/python.exe"] == program_of_windows()


def test_python_looks_into_the_bundle_alone(files: dict[str, bytes]) -> None:
    lines = files[f"{PROGRAM}python/python313._pth"].decode("ascii").splitlines()
    assert lines[:2] == ["python313.zip", "."]
    assert f"{PROGRAM}python/{lines[0]}" in files
    (packages,) = lines[2:]  # and no `import site`, which would look elsewhere
    folder = packages.removeprefix("..\\")
    assert re.fullmatch(r"packages-[0-9a-f]{8}", folder)
    assert f"{PROGRAM}{folder}/epa_score/__main__.py" in files


def test_other_packages_lie_in_another_folder() -> None:
    python = EmbeddablePython((3, 13), {})
    names = [
        {*windows.windows_files(python, {"epa_score/a.py": data})} for data in (b"", b"\n", b"")
    ]
    assert names[0] == names[2] != names[1]


def test_every_locked_package_for_windows_is_there(packages: dict[str, bytes]) -> None:
    lock = (ROOT / "requirements" / "word.txt").read_text("ascii")
    locked = re.findall(r"^([\w.-]+)==(\S+)(?: ; (.*?))? \\$", lock, re.MULTILINE)
    windows = {"sys_platform": "win32", "platform_machine": "AMD64", "os_name": "nt"}
    wanted = {
        f"{name.replace('-', '_')}-{version}"
        for name, version, marker in locked
        if not marker or Marker(marker).evaluate(windows)
    }
    assert {"colorama-0.4.6"} < wanted
    there = {name.split("/")[0] for name in packages if ".dist-info/" in name}
    assert {f"{name}.dist-info" for name in wanted} <= there
    assert len(there) == len(wanted) + 1  # and epa-score itself


def test_extension_modules_are_those_of_this_python_on_windows(packages: dict[str, bytes]) -> None:
    modules = [name for name in packages if name.endswith(".pyd")]
    assert len(modules) > 5
    assert {"pydantic_core", "yaml", "lxml", "markupsafe"} <= {m.split("/")[0] for m in modules}
    assert [name for name in modules if not name.endswith(".cp313-win_amd64.pyd")] == []
    assert [name for name in packages if name.endswith(".so")] == []
    wheels = b"\n".join(data for name, data in packages.items() if name.endswith("/WHEEL"))
    tags = re.findall(rb"^Tag: (\S+)", wheels, re.MULTILINE)
    assert len(tags) >= 20
    assert {tag.rpartition(b"-")[2] for tag in tags} == {b"any", b"win_amd64"}


def test_the_program_is_the_checkouts_with_its_rubrics(packages: dict[str, bytes]) -> None:
    source = ROOT / "src" / "epa_score"
    expected = {
        path.relative_to(source.parent).as_posix(): path.read_bytes()
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    expected |= {
        f"epa_score/shipped_rubrics/{path.name}": path.read_bytes()
        for path in (ROOT / "rubrics").iterdir()
    }
    assert len(expected) > 200
    assert {
        name: data for name, data in packages.items() if name.startswith("epa_score/")
    } == expected


def test_nothing_tells_of_the_machine_that_made_it(packages: dict[str, bytes]) -> None:
    for name in ("RECORD", "INSTALLER", "direct_url.json", "__pycache__", "bin", "Scripts"):
        assert [path for path in packages if name in path.split("/")] == []
    assert [name for name, data in packages.items() if str(ROOT).encode() in data] == []


def test_licences_are_there(packages: dict[str, bytes]) -> None:
    folders = {name.split("/")[0] for name in packages if ".dist-info/" in name}
    licensed = {
        name.split("/")[0]
        for name in packages
        if re.search(r"\.dist-info/.*(LICEN[CS]E|COPYING)", name, re.IGNORECASE)
    }
    assert len(folders) > 15
    assert len(folders - licensed) <= 2, folders - licensed


USED = """
import json, sys
from epa_score.cli.main import main
assert main(["export", sys.argv[1], "--xlsx", "--html", "--docx", "--quiet"]) == 0
assert main(["validate", sys.argv[2], "--mark", "marked", "--quiet"]) == 1
print(json.dumps({name: getattr(module, "__file__", "") for name, module in sys.modules.items()}))
"""


def test_whatever_an_export_imports_is_there(packages: dict[str, bytes], tmp_path: Path) -> None:
    sheets = [str(ROOT / "examples" / name) for name in ("scores", "broken")]
    command = [sys.executable, "-c", USED, *sheets]
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    modules = json.loads(done.stdout.splitlines()[-1])
    imported = {
        name: path.replace("\\", "/").rpartition("/site-packages/")[2]
        for name, path in modules.items()
        if path and "site-packages" in path
    }
    assert len(imported) > 200
    there = {re.sub(r"(\.cp313-win_amd64\.pyd|\.py)$", "", name) for name in packages}
    needed = {
        re.sub(r"(\.cpython-\S+\.so|\.abi3\.so|\.cp3\S+\.pyd|\.py)$", "", path)
        for path in imported.values()
    }
    assert {name for name in needed - there if not name.startswith("_")} == set()
    left_out = {"tkinter", "idlelib", "turtle", "venv", "ensurepip", "lib2to3", "distutils", "test"}
    assert left_out.isdisjoint(name.split(".")[0] for name in modules)


def test_it_is_small_enough_with_the_largest_python(bundle: Path) -> None:
    assert 5_000_000 < bundle.stat().st_size < MOST_BYTES - OFFICIAL_PYTHON


def test_paths_leave_room_for_the_folder_they_are_unpacked_to(files: dict[str, bytes]) -> None:
    assert 100 < max(map(len, files)) <= windows.LONGEST_PATH


@pytest.mark.parametrize(
    ("packages", "message"),
    [
        ({"a.pyd": b"\x7fELF" * 99}, r"a\.pyd: is no program of Windows"),
        ({f"{'a' * 150}.py": b""}, r"a\.py: the path is too long"),
    ],
)
def test_a_bundle_that_would_not_work_is_not_written(
    packages: dict[str, bytes], message: str, python_zip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "packages_for_windows", lambda _: packages)
    digest = hashlib.sha256(python_zip.read_bytes()).hexdigest()
    target = python_zip.with_name("faulty.zip")
    with pytest.raises(BundleError, match=message):
        make_windows_bundle(python_zip, digest, target)
    assert not target.exists()


def test_a_bundle_that_is_too_large_leaves_the_older_one_as_it_was(
    python_zip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "packages_for_windows", lambda _: {})
    monkeypatch.setattr(windows, "MOST_BYTES", 1000)
    digest = hashlib.sha256(python_zip.read_bytes()).hexdigest()
    target = python_zip.with_name("large.zip")
    target.write_bytes(b"older")
    with pytest.raises(BundleError, match=r"has \d+ bytes, 1000 are allowed"):
        make_windows_bundle(python_zip, digest, target)
    assert target.read_bytes() == b"older"


def test_packages_that_cannot_be_had_are_said() -> None:
    with pytest.raises(BundleError, match="the packages could not be had:\n"):
        packages_for_windows((3, 4))


def run_command(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> int:
    monkeypatch.setattr(sys, "argv", ["bundle", *map(str, arguments)])
    return command_line.main()


def test_the_command_writes_where_it_is_told_and_says_so(
    python_zip: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(windows, "packages_for_windows", lambda _: {})
    digest = hashlib.sha256(python_zip.read_bytes()).hexdigest()
    target = python_zip.with_name("told.zip")
    assert run_command(monkeypatch, "--python", python_zip, "--sha256", digest, "-o", target) == 0
    assert capsys.readouterr().out == f"{target}\n"
    assert target.is_file()


def test_the_command_says_what_is_wrong(
    python_zip: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(monkeypatch, "--python", python_zip) == 1
    assert capsys.readouterr().err.startswith("dev.py bundle: the SHA-256 of ")


@pytest.mark.parametrize(
    "arguments",
    [[], ["--linux", "--python", "a.zip"], ["--linux", "--sha256", "0"], ["--pyth", "a"]],
)
def test_wrong_usage_is_refused(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit) as end:
        run_command(monkeypatch, *arguments)
    assert end.value.code == 2
