"""The program of the bundle for Linux: ``epa-score``, and what 开始考核 starts."""

import multiprocessing
import os
import sys
from collections.abc import MutableMapping
from pathlib import Path

from bundle import start
from epa_score.cli.main import main


def restore_library_path(environment: MutableMapping[str, str]) -> None:
    """Let programs that are started, such as a browser, load their own libraries again.

    The frozen program has set the path to its own ones and kept what was there.
    """
    environment.pop("LD_LIBRARY_PATH", None)
    if before := environment.pop("LD_LIBRARY_PATH_ORIG", None):
        environment["LD_LIBRARY_PATH"] = before


if __name__ == "__main__":
    multiprocessing.freeze_support()
    restore_library_path(os.environ)
    if sys.argv[1:2] == ["--start"]:
        sys.exit(start.main(sys.argv[2:], Path(sys.executable).parents[1]))
    sys.exit(main())
