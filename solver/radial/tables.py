"""The plain arrays that compiled code works on. Everything reduced; phases and cells by number."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

INERT, MSMR, DILUTE = 0, 1, 2
"""Kinds of host law."""

CHEMICAL, TRACER, LATTICE_GAS = 0, 1, 2
"""Kinds of diffusivity."""

DIFFUSIVITY_KINDS: Final = {"chemical": CHEMICAL, "tracer": TRACER, "lattice_gas": LATTICE_GAS}

RADIAL, HOOP = 0, 1
"""Components of strain (du/dr, u/r) and of what does work on them: (sigma_rr, sigma_tt + sigma_pp)."""

LOCAL: Final = 5
"""Unknowns of a cell in order: u and mu on the left, u in the middle, u and mu on the right."""


class Laws(NamedTuple):
    """Occupancy and mobility laws by phase.

    Attributes:
        host: kind of host, shape (phases,).
        sites: number of sites of an MSMR host, shape (phases,).
        levels: y_j of the sites, of a dilute host the first, shape (phases, sites).
        fractions: X_j, shape (phases, sites).
        widths: omega_j, shape (phases, sites).
        kappa: V:C:V c_max/(R T), shape (phases,).
        mobility: kind of diffusivity, shape (phases,).
    """

    host: Numbers
    sites: Numbers
    levels: Array
    fractions: Array
    widths: Array
    kappa: Array
    mobility: Numbers


class Cells(NamedTuple):
    """Geometry and material of every cell, from the centre outwards.

    Stiffness, eigenstrain and pull are those of the pair (du/dr, u/r), on which sigma_rr and
    sigma_tt + sigma_pp do work.

    Attributes:
        phase: number of the phase, shape (cells,).
        length: shape (cells,).
        radius: of the quadrature points, shape (cells, 3).
        volume: that each point stands for, shape (cells, 3).
        stiffness: (C_rr, C_rh, C_hh), shape (cells, 3).
        fixed: stress that would hold the fixed eigenstrain back, shape (cells, 2).
        swelling: stress that would hold that of one occupancy back, shape (cells, 2).
        pull: how strain lowers the potential, shape (cells, 2).
        offset: what the fixed eigenstrain takes from that, shape (cells,).
        capacity: c_max, shape (cells,).
        diffusivity: D c_max, shape (cells,).
        activation: V_act, 0 where stress does not act on the mobility, shape (cells,).
    """

    phase: Numbers
    length: Array
    radius: Array
    volume: Array
    stiffness: Array
    fixed: Array
    swelling: Array
    pull: Array
    offset: Array
    capacity: Array
    diffusivity: Array
    activation: Array


class Walls(NamedTuple):
    """Walls that current passes, and what holds and loads the line.

    Attributes:
        cell: cell at each wetted wall, shape (walls,).
        side: 0 where the wall is the cell's left vertex, 1 where it is the right one, shape (walls,).
        radius: shape (walls,).
        area: shape (walls,).
        load: nodal force of the stack pressure on the outermost vertex.
        held: whether an unknown is held, shape (unknowns,).
    """

    cell: Numbers
    side: Numbers
    radius: Array
    area: Array
    load: float
    held: npt.NDArray[np.bool_]


class Kinetics(NamedTuple):
    """Charge transfer: exchange current density with contact fraction, transfer coefficients, its law."""

    exchange: float
    anodic: float
    cathodic: float
    concentration: bool


class Points(NamedTuple):
    """State at the quadrature points, each of shape (cells, 3); kept between solves as guesses.

    Attributes:
        y: host potential.
        drive: right side b of the local problem.
        gain: dy/db.
        occupancy: theta.
        response: d theta/db.
        content: content factor of the mobility.
        content_slope: its derivative with theta.
        radial: sigma_rr.
        hoop: sigma_tt + sigma_pp.
        past: a1 theta_n + a2 theta_n-1.
    """

    y: Array
    drive: Array
    gain: Array
    occupancy: Array
    response: Array
    content: Array
    content_slope: Array
    radial: Array
    hoop: Array
    past: Array


class Task(NamedTuple):
    """One solve.

    Attributes:
        increment: [s].
        lead: weight a0 of the new content.
        driven: whether the electrode potential is an unknown, with own * potential + gain * current = target.
        own: factor on the potential.
        gain: factor on the current.
        target: what both must reach.
        scale: residual of that equation that counts as one.
        least_force: part of the force that counts as one beside that of the eigenstrain.
        content: lithium by which the sum of the lithium residual is judged.
        iterations: give up after so many.
    """

    increment: float
    lead: float
    driven: bool
    own: float
    gain: float
    target: float
    scale: float
    least_force: float
    content: float
    iterations: int
