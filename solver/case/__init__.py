"""Case files: read strictly, checked together, handed on frozen and in SI."""

from solver.case.case_model import Case
from solver.case.errors import CaseError, Problem
from solver.case.loader import load_case, load_with_text
from solver.case.resolved import case_hash, write_resolved

__all__ = ["Case", "CaseError", "Problem", "case_hash", "load_case", "load_with_text", "write_resolved"]
