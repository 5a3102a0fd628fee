"""The two physical constants that the code contains; every other number is data.

Source: SI Brochure, 9th edition (2019): e, k_B and N_A are exact, hence so are F and R.
"""

from typing import Final

FARADAY: Final = 96485.33212331001
"""Faraday constant [C/mol]."""

GAS_CONSTANT: Final = 8.31446261815324
"""Molar gas constant [J/(mol K)]."""
