"""The pages, in the order of the book: chapters are folders of `pages/`, pages modules with a `PAGE`."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from benchmarks.verification.page import Page

CHAPTERS: Mapping[str, str] = {
    "mechanics": "Mechanics",
    "diffusion": "Diffusion",
    "coupling": "Coupling",
    "kinetics": "Kinetics and control",
    "time": "Time",
    "materials": "Shipped materials",
    "programs": "Other programs",
    "parallel": "Engines and ranks",
}
FOLDER = Path(__file__).parent / "pages"


def names() -> list[str]:
    """Names of all pages, `chapter/page`, chapter by chapter, pages by name."""
    return [
        f"{chapter}/{path.stem}"
        for chapter in CHAPTERS
        for path in sorted((FOLDER / chapter).glob("*.py"))
        if path.stem != "__init__"
    ]


def load(name: str) -> Page:
    """The page of a name.

    Raises:
        KeyError: there is none.
    """
    if name not in names():
        msg = f"no page {name!r}; pages: {', '.join(names())}"
        raise KeyError(msg)
    page = import_module(f"benchmarks.verification.pages.{name.replace('/', '.')}").PAGE
    if not isinstance(page, Page):
        msg = f"PAGE of {name} is no Page"
        raise TypeError(msg)
    return page
