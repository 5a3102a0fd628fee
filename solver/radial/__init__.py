"""Spherical particles solved by compiled code, without any finite-element library.

The same discretisation of the same equations as the forms have it: P2 displacement and P1 chemical potential
on one line of cells, occupancy eliminated at three Gauss points a cell. `curves` marches cases without run
folders: `march` and `march_all`.
"""

from solver.radial.curves import Curve, Draft, StepEnd, march, march_all

__all__ = ["Curve", "Draft", "StepEnd", "march", "march_all"]
