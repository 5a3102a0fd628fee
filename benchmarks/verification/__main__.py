"""`python -m benchmarks.verification`."""

import sys

from benchmarks.verification.book import main

sys.exit(main(sys.argv[1:]))
