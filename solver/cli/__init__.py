"""The command `lithostat`: what a user types, turned into calls of the program.

Importing this package loads nothing heavy; each command loads what it needs when it is run.
"""

from solver.cli.entry import main

__all__ = ["main"]
