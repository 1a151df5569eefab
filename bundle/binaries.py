"""Programs and libraries of Windows: whether each can be loaded on a 64-bit Windows as it comes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

import pefile

BINARIES = (".exe", ".dll", ".pyd")

_EXTENSION_TAG = re.compile(r"\.(cp\d+)-(\w+)\.pyd$")

_PARTS_OF_WINDOWS = re.compile(
    r"(api-ms-win-|ext-ms-win-).*"
    r"|(advapi32|bcrypt|bcryptprimitives|crypt32|gdi32|iphlpapi|kernel32|kernelbase|msvcrt|ntdll"
    r"|ole32|oleaut32|pathcch|propsys|rpcrt4|secur32|shell32|shlwapi|ucrtbase|user32|userenv"
    r"|version|winmm|ws2_32)\.dll"
)
"""Libraries that every Windows 10 and 11 has; the runtimes of Visual C++ are none of them."""


def find_unloadable(files: Mapping[str, bytes], version: tuple[int, int]) -> list[str]:
    """Say which binaries are for another machine or Python, or need a library that is not there."""
    binaries = {name: data for name, data in files.items() if name.lower().endswith(BINARIES)}
    there = {PurePosixPath(name).name.lower() for name in binaries}
    return [
        f"{name}: {problem}"
        for name, data in sorted(binaries.items())
        for problem in _problems(name, data, there, "cp{}{}".format(*version))
    ]


def _problems(name: str, data: bytes, there: set[str], tag: str) -> Iterator[str]:
    named = _EXTENSION_TAG.search(name)
    if named and named.groups() != (tag, "win_amd64"):
        yield f"is for {named[1]} on {named[2]}"
    try:
        binary = pefile.PE(data=data, fast_load=True)
    except pefile.PEFormatError as error:
        yield f"is no program of Windows: {error}"
        return
    if binary.FILE_HEADER.Machine != pefile.MACHINE_TYPE["IMAGE_FILE_MACHINE_AMD64"]:
        yield "is for another processor"
    missing = [
        needed
        for needed in _imported(binary)
        if needed not in there and not _PARTS_OF_WINDOWS.fullmatch(needed)
    ]
    if missing:
        yield f"needs {', '.join(missing)}, which neither Windows nor the bundle has"


def _imported(binary: pefile.PE) -> Iterable[str]:
    directories = ("IMAGE_DIRECTORY_ENTRY_IMPORT", "IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT")
    binary.parse_data_directories([pefile.DIRECTORY_ENTRY[name] for name in directories])
    entries = [
        *getattr(binary, "DIRECTORY_ENTRY_IMPORT", ()),
        *getattr(binary, "DIRECTORY_ENTRY_DELAY_IMPORT", ()),
    ]
    return sorted({entry.dll.decode("ascii").lower() for entry in entries})
