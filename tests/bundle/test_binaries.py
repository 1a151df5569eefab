"""Binaries that no 64-bit Windows with this Python could load are found."""

import struct

import pefile
import pytest
from bundle.binaries import find_unloadable
from tests.support.bundles import program_of_windows

PROGRAM = program_of_windows()
RUNTIME = {"python/vcruntime140.dll": PROGRAM}
"""What the program needs, and the embeddable Python has."""


def for_machine(machine: str) -> bytes:
    """The program with another processor in its head."""
    at = pefile.PE(data=PROGRAM, fast_load=True).FILE_HEADER.get_file_offset()
    return PROGRAM[:at] + struct.pack("<H", pefile.MACHINE_TYPE[machine]) + PROGRAM[at + 2 :]


def importing(library: bytes) -> bytes:
    """The program with another library in the place of KERNEL32.dll."""
    assert len(library) == len("KERNEL32.dll")
    assert PROGRAM.count(b"KERNEL32.dll") == 1
    return PROGRAM.replace(b"KERNEL32.dll", library)


def test_programs_for_this_windows_are_fine() -> None:
    files = {
        **RUNTIME,
        "python/python.exe": PROGRAM,
        "packages/a/_a.cp313-win_amd64.pyd": PROGRAM,
        "packages/a/_stable.pyd": PROGRAM,
        "packages/a/readme.txt": b"no program",
    }
    assert find_unloadable(files, (3, 13)) == []


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("a.exe", for_machine("IMAGE_FILE_MACHINE_I386"), "is for another processor"),
        ("a.DLL", for_machine("IMAGE_FILE_MACHINE_ARM64"), "is for another processor"),
        ("a.cp312-win_amd64.pyd", PROGRAM, "is for cp312 on win_amd64"),
        ("a.cp313-win32.pyd", PROGRAM, "is for cp313 on win32"),
        ("a.pyd", b"\x7fELF" * 99, "is no program of Windows: 'DOS Header magic not found.'"),
        ("a.pyd", importing(b"MSVCP140.dll"), "needs msvcp140.dll, which neither "),
    ],
)
def test_what_cannot_be_loaded_is_named(name: str, data: bytes, problem: str) -> None:
    (found,) = find_unloadable({**RUNTIME, f"x/{name}": data}, (3, 13))
    assert found.startswith(f"x/{name}: {problem}")


def test_a_library_may_lie_in_the_bundle() -> None:
    files = {
        **RUNTIME,
        "python/PYTHON_X.dll": PROGRAM,
        "packages/a.pyd": importing(b"python_x.DLL"),
    }
    assert find_unloadable(files, (3, 13)) == []
    del files["python/PYTHON_X.dll"]
    (found,) = find_unloadable(files, (3, 13))
    assert found.startswith("packages/a.pyd: needs python_x.dll, ")
