"""How far a case is converged: its levels, the figures that are watched over them, and what they say."""
