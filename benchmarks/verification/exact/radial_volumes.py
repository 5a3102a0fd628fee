"""Another program for balls and long cylinders: finite volumes along the radius.

It shares nothing with the simulator: occupancy lives in cells instead of a potential at nodes, stress is
eliminated by its closed form (`layered_stress`) instead of being solved for, and `scipy.integrate.solve_ivp`
(BDF of variable order) marches in time. So a cell feels its neighbours and the layers' means alone. Between
centres of cells, lithium flows by the difference of mu over the sum of both half-cells' resistances. All SI;
anodic currents are positive and take lithium out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.integrate import solve_ivp
from scipy.optimize import brentq, fsolve
from scipy.sparse import lil_matrix

from benchmarks.verification.exact.charge_transfer import Electrode
from benchmarks.verification.exact.closed_forms import FARADAY, GAS_CONSTANT, Solid
from benchmarks.verification.exact.layered_stress import POWERS, LayeredStress
from benchmarks.verification.exact.sites import Sites

Array = npt.NDArray[np.float64]

GRADING = 0.2
"""Size of the outermost cell over the mean one."""


@dataclass(frozen=True)
class Layer:
    """A concentric layer of one material, its diffusivity the chemical one of the unstressed host.

    Attributes:
        outer: outer radius [m].
        solid: elastic constants.
        host: occupancy over potential.
        capacity: concentration of all sites [mol/m^3].
        volume: partial molar volume Omega [m^3/mol].
        reference: occupancy without chemical strain.
        diffusivity: [m^2/s].
        activation: activation volume of diffusion [m^3/mol].
        misfit: linear stress-free strain at the reference occupancy [1].
    """

    outer: float
    solid: Solid
    host: Sites
    capacity: float
    volume: float
    reference: float
    diffusivity: float
    activation: float = 0.0
    misfit: float = 0.0

    def strain(self, theta: Array) -> Array:
        """Linear stress-free strain [1]."""
        return self.misfit + self.volume / 3.0 * self.capacity * (theta - self.reference)


@dataclass(frozen=True)
class Course:
    """What a march gave.

    Attributes:
        times: [s].
        voltage: [V].
        current: current density [A/m^2].
        states: occupancies of the cells, then the layers' means, a row a moment.
    """

    times: Array
    voltage: Array
    current: Array
    states: Array


class RadialVolumes:
    """A particle of concentric layers from the centre outwards."""

    def __init__(
        self,
        layers: Sequence[Layer],
        electrode: Electrode,
        temperature: float,
        *,
        shape: str = "ball",
        pressure: float = 0.0,
        cells: int = 200,
    ) -> None:
        """Cut each layer into cells that become finer outwards; `shape` as in `layered_stress`."""
        self.layers, self.electrode, self.temperature = layers, electrode, temperature
        s = np.linspace(1.0, 0.0, cells + 1)
        spread = 1.0 - (GRADING * s + (1.0 - GRADING) * s**2)
        inner = [0.0, *(layer.outer for layer in layers[:-1])]
        pairs = list(zip(inner, layers, strict=True))
        edges = [a + (layer.outer - a) * spread for a, layer in pairs]
        self.width = np.concatenate([np.diff(e) for e in edges])
        faces = np.concatenate([[0.0], *(e[1:] for e in edges)])
        n = POWERS[shape]
        self.content = np.diff(faces**n) / n
        self.area = faces ** (n - 1)
        self.slices = [slice(k * cells, (k + 1) * cells) for k in range(len(layers))]
        self.sizes = np.array([np.sum(self.content[s]) for s in self.slices])
        solids, radii = [layer.solid for layer in layers], [layer.outer for layer in layers]
        self.elastic = LayeredStress(solids, radii, shape, pressure)

    def level(self, means: Array) -> Array:
        """Hydrostatic stress [Pa] of each layer but for the part of its own strain, from mean occupancies."""
        pairs = zip(self.layers, means, strict=True)
        return self.elastic.levels(np.array([layer.strain(mean) for layer, mean in pairs]))

    def stress(self, layer: Layer, level: float, theta: Array) -> Array:
        """Hydrostatic stress [Pa] in a layer."""
        return level - 2.0 * layer.solid.young / (3.0 * (1.0 - layer.solid.poisson)) * layer.strain(theta)

    def potential(self, layer: Layer, level: float, theta: Array) -> tuple[Array, Array]:
        """Chemical potential [J/mol] and mobility [mol^2/(J m s)] in a layer."""
        rt = GAS_CONSTANT * self.temperature
        y = layer.host.inverse(theta)
        stress = self.stress(layer, level, theta)
        slope = layer.host.occupancy(y)[1]
        mobility = layer.diffusivity * layer.capacity / rt * slope * np.exp(layer.activation * stress / rt)
        return rt * y - layer.volume * stress, mobility

    def _everywhere(self, state: Array) -> tuple[Array, Array]:
        levels = self.level(state[-len(self.layers) :])
        parts = [
            self.potential(layer, level, state[part])
            for layer, level, part in zip(self.layers, levels, self.slices, strict=True)
        ]
        return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])

    def voltage(self, current: float, mu: float, mobility: float) -> float:
        """Voltage [V] at a current density; potential and mobility are those of the outermost cell."""
        surface = mu - current / FARADAY * 0.5 * self.width[-1] / mobility
        return (
            self.electrode.overpotential(current, self.temperature)
            - surface / FARADAY
            + self.electrode.resistance * current
        )

    def at_rest(self, state: Array) -> float:
        """Voltage [V] without current."""
        return -float(self._everywhere(state)[0][-1]) / FARADAY

    def stress_unit(self) -> float:
        """Stress [Pa] that an outermost cell full of lithium carries beside empty ones."""
        layer = self.layers[-1]
        full = layer.volume * layer.capacity / 3.0
        return 2.0 * layer.solid.young / (3.0 * (1.0 - layer.solid.poisson)) * full

    def _current(self, voltage: float, mu: float, mobility: float) -> float:
        """Current density [A/m^2] that makes a voltage."""
        reach = self.electrode.exchange
        while self.voltage(reach, mu, mobility) < voltage or self.voltage(-reach, mu, mobility) > voltage:
            reach *= 4.0
        found = brentq(
            lambda i: self.voltage(i, mu, mobility) - voltage, -reach, reach, xtol=1e-13, rtol=1e-13
        )
        return float(found)

    def surface(self, state: Array, current: float) -> tuple[float, float]:
        """Occupancy and hydrostatic stress [Pa] at the surface."""
        layer, level = self.layers[-1], self.level(state[-len(self.layers) :])[-1]
        mu, mobility = self.potential(layer, level, state[self.slices[-1]][-1:])
        wanted = mu[0] - current / FARADAY * 0.5 * self.width[-1] / mobility[0]
        low, high = layer.host.inverse.x[[1, -2]]
        theta = brentq(lambda x: self.potential(layer, level, x)[0] - wanted, low, high, xtol=1e-14)
        return float(theta), float(self.stress(layer, level, theta))

    def uniform(self, occupancy: float) -> Array:
        """Equilibrium with a given share of all sites filled: cells, then the means of the layers."""
        sites = np.array([layer.capacity for layer in self.layers]) * self.sizes
        rt = GAS_CONSTANT * self.temperature

        def missing(y: Array) -> Array:
            means = np.array([layer.host.occupancy(v)[0] for layer, v in zip(self.layers, y, strict=True)])
            levels = self.level(means)
            mu = [self.potential(*each)[0] / rt for each in zip(self.layers, levels, means, strict=True)]
            return np.array([sites @ means / sites.sum() - occupancy, *np.diff(mu)])

        y = fsolve(missing, [layer.host.inverse(occupancy) for layer in self.layers], xtol=1e-13)
        means = [float(layer.host.occupancy(v)[0]) for layer, v in zip(self.layers, y, strict=True)]
        return np.concatenate([np.repeat(means, self.width.size // len(means)), means])

    def march(
        self,
        state: Array,
        times: Sequence[float] | Array,
        *,
        current: float = 0.0,
        voltage: float | None = None,
        until: Callable[[float, float], float] | None = None,
        accuracy: float = 1e-8,
    ) -> Course:
        """Drive it by a current density [A/m^2], or hold a voltage [V].

        Args:
            state: to begin with.
            times: moments to report [s], from 0; the end, where one is met, comes on top.
            current: current density.
            voltage: held voltage; replaces the current.
            until: function of voltage and current density whose sign changes at the end.
            accuracy: relative error of a step; occupancies are also allowed a hundredth of it absolutely.
        """
        number, size = len(self.layers), self.width.size

        def terminals(state: Array) -> tuple[float, float]:
            mu, mobility = self._everywhere(state)
            now = current if voltage is None else self._current(voltage, mu[-1], mobility[-1])
            return self.voltage(now, mu[-1], mobility[-1]), now

        def rate(_time: float, state: Array) -> Array:
            mu, mobility = self._everywhere(state)
            resistance = 0.5 * self.width / mobility
            now = current if voltage is None else self._current(voltage, mu[-1], mobility[-1])
            flow = np.zeros(size + 1)
            flow[1:-1] = -np.diff(mu) / (resistance[:-1] + resistance[1:])
            flow[-1] = now / FARADAY
            flow *= self.area
            capacity = np.repeat([layer.capacity for layer in self.layers], size // number)
            gain = -np.diff(flow) / capacity
            means = [np.sum(gain[part]) / whole for part, whole in zip(self.slices, self.sizes, strict=True)]
            return np.concatenate([gain / self.content, means])

        def met(_time: float, state: Array) -> float:
            return 1.0 if until is None else until(*terminals(state))

        met.terminal = True  # type: ignore[attr-defined]
        pattern = lil_matrix((size + number, size + number))
        for shift in (-1, 0, 1):
            pattern.setdiag(1.0, shift)
        pattern[:, size:] = 1.0
        for part in self.slices:  # a mean changes by what passes the walls of its layer
            pattern[size:, max(part.start - 1, 0) : part.start + 1] = 1.0
            pattern[size:, part.stop - 1 : part.stop + 1] = 1.0
        found = solve_ivp(
            rate,
            (float(times[0]), float(times[-1])),
            state,
            method="BDF",
            t_eval=times,
            events=met,
            rtol=accuracy,
            atol=1e-2 * accuracy,
            jac_sparsity=pattern.tocsc(),
            first_step=1e-9 * float(times[-1]),
        )
        moments, states = found.t, found.y.T
        if found.t_events[0].size:
            moments, states = np.append(moments, found.t_events[0]), np.vstack([states, found.y_events[0]])
        ends = np.array([terminals(state) for state in states])
        return Course(moments, ends[:, 0], ends[:, 1], states)
