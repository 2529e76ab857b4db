"""`python -m groklab` is `groklab`."""

import sys

from groklab.cli import main

if __name__ == "__main__":
    sys.exit(main())
