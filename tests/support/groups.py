"""Which tests one of several workers runs, and which it runs one after the other."""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/browser/": "browser",
    "tests/editor/": "editor",
    "tests/bundle/test_linux.py": "bundle for Linux",
    "tests/bundle/test_windows.py": "bundle for Windows",
    "tests/office/": "office",
    "tests/docs/test_pictures.py": "office",
    "tests/processes/test_wheel.py": "wheel",
    "tests/processes/": "processes",
}
"""What begins alike is one group: LibreOffice runs once at a time, and things are made once."""


def group_of(nodeid: str) -> str:
    """The group of a test; most tests are a group of their own."""
    return next((group for start, group in TOGETHER.items() if nodeid.startswith(start)), nodeid)


class GroupScheduling(LoadScopeScheduling):
    """Sends groups to whichever worker is free, those of many tests first.

    pytest-xdist's own `--dist=loadgroup` (3.8.0) takes every test for a group of its own under
    pytest 9.2, and says nothing.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
