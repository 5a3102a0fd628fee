"""A planted error: one text of one file replaced by another."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PlantedError:
    """An error as a person might make it.

    Attributes:
        name: a few words, a row of the table.
        path: file that is changed, from the root of the repository.
        old: text that stands there exactly once.
        new: what replaces it.
        pages: the pages nearest to it, `chapter/page`, nearest first; the others follow.
        tests: the test files nearest to it, nearest first; the others follow.
    """

    name: str
    path: str
    old: str
    new: str
    pages: tuple[str, ...]
    tests: tuple[str, ...]

    def planted(self, text: str) -> str:
        """The text of the file with the error in it.

        Raises:
            ValueError: the old text does not stand there exactly once, so that the list is out of date.
        """
        if text.count(self.old) != 1 or self.old == self.new:
            msg = f"{self.name}: {self.path} holds {self.old!r} {text.count(self.old)} times, not once"
            raise ValueError(msg)
        return text.replace(self.old, self.new)

    @contextmanager
    def in_place(self, root: Path) -> Iterator[None]:
        """Plant the error below `root` for as long as the context lasts."""
        path = root / self.path
        text = path.read_text(encoding="utf-8")
        path.write_text(self.planted(text), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(text, encoding="utf-8")
