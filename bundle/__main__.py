"""``python3 dev.py bundle``: make a bundle for Windows, or one for the Linux that this is."""

import argparse
import sys
from pathlib import Path

from bundle.faults import BundleError
from bundle.linux import make_linux_bundle
from bundle.windows import make_windows_bundle


def main() -> int:
    """Make what the command line asks for and print where it lies."""
    parser = argparse.ArgumentParser(prog="dev.py bundle", allow_abbrev=False)
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument(
        "--python", metavar="ZIP", type=Path, help="the embeddable Python for 64-bit Windows"
    )
    kind.add_argument("--linux", action="store_true", help="a bundle for this Linux")
    parser.add_argument("--sha256", help="the published SHA-256 of ZIP, where it is not known here")
    parser.add_argument("-o", dest="target", metavar="FILE", type=Path, help="the file to write")
    given = parser.parse_args()
    if given.linux and given.sha256:
        parser.error("--sha256 goes with --python")
    try:
        if given.linux:
            target = make_linux_bundle(given.target)
        else:
            target = make_windows_bundle(given.python, given.sha256, given.target)
    except BundleError as error:
        sys.stderr.write(f"dev.py bundle: {error}\n")
        return 1
    sys.stdout.write(f"{target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
