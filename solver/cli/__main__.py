"""`python -m solver.cli`, where the command itself is not on the path."""

import sys

from solver.cli.entry import main

sys.exit(main())
