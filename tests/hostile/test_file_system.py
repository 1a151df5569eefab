"""What is no ordinary file: folders, pipes, devices, links and closed files."""

import os
from pathlib import Path

import pytest
from tests.support.commands import codes
from tests.support.limits import EXAMPLE, Runner, forked, refused_soon

from epa_score.cli.main import main

pytestmark = pytest.mark.hostile


def test_a_folder_named_like_a_sheet_is_a_folder(runner: Runner) -> None:
    (runner.folder / "x.yaml").mkdir()
    path = str(runner.folder / "x.yaml")
    assert refused_soon(runner.run("validate", path)) == {"EPA024"}
    assert refused_soon(runner.run("rank", "--rubric", path, str(runner.folder / "scores")))
    (runner.folder / "x.yaml" / "sheet.yaml").write_bytes(EXAMPLE)
    assert runner.run("validate", path).code == 0


def test_a_named_pipe_does_not_hang(runner: Runner) -> None:
    (runner.folder / "pipes").mkdir()
    path = runner.folder / "pipes" / "x.yaml"
    os.mkfifo(path)
    scores = str(runner.folder / "scores")
    for arguments in (["validate", str(path)], ["rank", str(path.parent)]):
        assert refused_soon(runner.run(*arguments)) == {"EPA018"}
    assert refused_soon(runner.run("rank", "--rubric", str(path), scores))


def test_devices_are_not_read(runner: Runner) -> None:
    (runner.folder / "devices").mkdir()
    for device in ("/dev/zero", "/dev/null", "/dev/tty"):
        path = runner.folder / "devices" / f"{Path(device).name}.yaml"
        path.symlink_to(device)
        assert refused_soon(runner.run("validate", str(path))) <= {"EPA018", "EPA010", "EPA011"}
    assert refused_soon(runner.run("rank", str(runner.folder / "devices")))


def test_links_in_a_circle_and_to_nowhere_are_reported(runner: Runner) -> None:
    folder = runner.folder / "links"
    folder.mkdir()
    (folder / "a.yaml").symlink_to("b.yaml")
    (folder / "b.yaml").symlink_to("a.yaml")
    (folder / "c.yaml").symlink_to("nowhere.yaml")
    for arguments in (["validate", str(folder)], ["rank", str(folder)]):
        outcome = runner.run(*arguments)
        assert refused_soon(outcome) == {"EPA018"}
        assert all(name in outcome.out + outcome.err for name in ("a.yaml", "b.yaml", "c.yaml"))
    for name in ("a.yaml", "c.yaml"):
        path = str(folder / name)
        assert refused_soon(runner.run("rank", "--rubric", path, str(runner.folder / "scores")))


def test_a_file_without_permission_is_reported(runner: Runner) -> None:
    path = runner.folder / "closed.yaml"
    path.write_bytes(EXAMPLE)
    path.chmod(0)

    def as_somebody() -> int:
        if os.geteuid() == 0:  # root may read everything
            os.setgid(65534)
            os.setuid(65534)
        return main(["--lang", "en", "validate", str(path)])

    ended = forked(as_somebody, runner.streams, b"")
    shown = (runner.streams / "stdout").read_text("utf-8")
    assert (ended.code, codes(shown)) == (1, ["EPA018"])
    assert "not allowed" in shown
