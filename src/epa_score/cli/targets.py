"""Files that a run writes: whole or not at all, and never over anybody's work."""

import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from epa_score.cli.existing import Refusal
from epa_score.cli.session import OutputError
from epa_score.diagnostics import Kind, reason_of

Judge = Callable[[str], Refusal]
"""Says why the file of a path, which is a plain one, is not replaced."""


class _FileState(NamedTuple):
    """A file as it was at one moment; another one in its place, or a change, makes it unequal."""

    device: int
    number: int
    size: int
    changed: int


class OutputFiles:
    """The files that a run is going to write, judged before it writes any of them."""

    def __init__(self, *, force: bool, inputs: Iterable[str] = (), has_force: bool = True) -> None:
        """Let results be replaced with ``force``, but none of the ``inputs`` of the run.

        Where a command has no such option (``has_force``), nobody is told of it.
        """
        self._force = force
        self._kept = "" if has_force else "kept"
        self._inputs = {file_identity(path) for path in inputs} - {None}
        self._found: dict[str, _FileState | None] = {}

    def claim(self, judges: Mapping[str, Judge]) -> None:
        """Look at what stands in each place. Raises `OutputError` with all that may not be.

        What is there now must still be there when the file is written.
        """
        refused = [self._refusal(path, judge) for path, judge in judges.items()]
        errors = [error for error in refused if error is not None]
        if errors:
            raise OutputError.joined(errors)

    def _refusal(self, path: str, judge: Judge) -> OutputError | None:
        if path in self._found:
            return None
        try:
            status = os.lstat(path)
        except (OSError, ValueError):  # whatever is wrong with it shows when it is written
            self._found[path] = None
            return None
        variant = self._variant_of(path, status)
        if not variant and not self._force:
            return OutputError(Kind.OUTPUT_EXISTS, path, variant=self._kept)
        variant = variant or judge(path)
        if variant:
            return OutputError(Kind.OUTPUT_IS_WORK, path, variant=variant)
        self._found[path] = _state_of(status)
        return None

    def _variant_of(self, path: str, status: os.stat_result) -> Refusal:
        """The reason why a file is replaced by no option, as far as it shows from outside."""
        if stat.S_ISLNK(status.st_mode):
            return "link"
        if stat.S_ISDIR(status.st_mode):
            return "folder"
        if not stat.S_ISREG(status.st_mode):
            return "special"
        if file_identity(path) in self._inputs:
            return "input"
        return "shared" if status.st_nlink > 1 else ""

    def write(self, path: str, write: Callable[[BinaryIO], None]) -> None:
        """Write a file beside ``path``, which was claimed, and put it there in one step.

        What was there stays until then. Raises `OutputError`.
        """
        target = Path(path)
        temporary = None
        try:
            handle, temporary = tempfile.mkstemp(".tmp", f".{target.name[:40]}-", target.parent)
            with os.fdopen(handle, "wb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o666 & ~_umask())
            _put(temporary, target, self._found[path])
        except FileExistsError as error:
            raise OutputError(Kind.OUTPUT_TAKEN, path) from error
        except (OSError, ValueError) as error:
            raise output_error(path, error) from error
        finally:
            if temporary is not None:
                with suppress(OSError):
                    Path(temporary).unlink()


def output_error(path: str, error: OSError | ValueError) -> OutputError:
    """Say why a file could not be written or removed."""
    variant = {
        "FileNotFoundError": "folder",
        "NotADirectoryError": "folder",
        "IsADirectoryError": "folder",
        "PermissionError": "permission",
    }
    name = variant.get(type(error).__name__, "")
    return OutputError(Kind.OUTPUT_NOT_WRITTEN, path, reason_of(error), name)


def _put(temporary: str, target: Path, found: _FileState | None) -> None:
    """Put a file in its place, in which is what was ``found`` there.

    Raises `FileExistsError` for anything else: another run has been there meanwhile.
    """
    if found is None or not os.path.lexists(target):
        _put_first(temporary, target)
        return
    with _sole_writer(target):
        if _state_of(os.lstat(target)) != found:
            raise FileExistsError
        Path(temporary).replace(target)


def _put_first(temporary: str, target: Path) -> None:
    """Put a file where nothing is; of two runs at once one alone can."""
    try:
        target.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: an empty file holds the place
        target.open("xb").close()
        try:
            Path(temporary).replace(target)
        except OSError:
            target.unlink()
            raise


@contextmanager
def _sole_writer(target: Path) -> Iterator[None]:
    """Keep other runs from replacing the same file between the last look at it and the act."""
    lock = target.with_name(f".{target.name[:40]}.lock")
    try:
        lock.open("xb").close()
    except FileExistsError as error:
        raise OutputError(Kind.OUTPUT_TAKEN, str(target), str(lock), "lock") from error
    try:
        yield
    finally:
        with suppress(OSError):
            lock.unlink()


def _state_of(status: os.stat_result) -> _FileState:
    return _FileState(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def file_identity(path: str) -> tuple[int, int] | None:
    """Numbers that are equal for two names of one file; ``None`` for no file."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def make_folder(folder: str) -> None:
    """Make a folder where there is none. Raises `OutputError`."""
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        variant = {
            "FileExistsError": "in_the_way",
            "NotADirectoryError": "in_the_way",
            "PermissionError": "folder_permission",
        }
        name = variant.get(type(error).__name__, "")
        raise OutputError(Kind.OUTPUT_NOT_WRITTEN, folder, reason_of(error), name) from error
