"""Files are written whole or not at all."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from epa_score.cli.session import OutputError
from epa_score.diagnostics import Kind, reason_of


def write_file(path: str, write: Callable[[BinaryIO], None], *, force: bool) -> None:
    """Write a file beside ``path`` and put it there in one step; the old one stays until then.

    Raises `OutputError` where that fails, and for an existing file unless ``force``.
    """
    target = Path(path)
    refuse_existing(path, force=force)
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(".tmp", f".{target.name[:40]}-", target.parent)
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(target)
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        variant = {
            "FileNotFoundError": "folder",
            "NotADirectoryError": "folder",
            "IsADirectoryError": "folder",
            "PermissionError": "permission",
        }
        name = variant.get(type(error).__name__, "")
        raise OutputError(Kind.OUTPUT_NOT_WRITTEN, path, reason, name) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()


def refuse_existing(path: str, *, force: bool) -> None:
    """Raise `OutputError` for a file that is there already, unless ``force``."""
    if not force and os.path.lexists(path):
        raise OutputError(Kind.OUTPUT_EXISTS, path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
