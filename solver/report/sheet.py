"""A sheet: a figure with the house's lettering and a title, saved when it is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

INK: Final = "#222222"
FAINT: Final = "#555555"
DOTS_PER_INCH: Final = 150


@contextmanager
def sheet(out: Path, width: float, height: float, title: str, below: str) -> Iterator[Figure]:
    """A figure to draw on, written to a PNG file at the end of the `with` block.

    Args:
        out: file to write.
        width: [inch].
        height: [inch].
        title: words above all.
        below: smaller words below them.
    """
    with rc_context(
        {
            "font.family": "DejaVu Sans",
            "font.size": 9.5,
            "axes.titlesize": 10.5,
            "mathtext.default": "regular",
        }
    ):
        layout = ConstrainedLayoutEngine(w_pad=0.09, h_pad=0.1)
        figure = Figure(figsize=(width, height), layout=layout, facecolor="white")
        FigureCanvasAgg(figure)  # drawn without any window system
        figure.suptitle(f"{title}\n", fontsize=13, color=INK)
        figure.text(0.5, 1 - 0.46 / height, below, ha="center", va="center", fontsize=10, color=FAINT)
        yield figure
        figure.savefig(out, dpi=DOTS_PER_INCH)
