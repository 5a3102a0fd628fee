"""Constitutive laws: what a phase is made of, as pure functions and frozen data."""
