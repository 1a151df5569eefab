"""``python -m epa_score``."""

import sys

from epa_score.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
