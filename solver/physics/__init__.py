"""Balances and boundary laws as UFL residuals; observables of a state."""
