"""Which files a case may name: a case that comes from somebody else opens none of its reader's own."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from solver.case.errors import Place
from solver.case.shipped import configs_folder
from solver.quantities import shown

ALLOWED: Final = "a path inside one of the two, or --allow-outside"


@dataclass
class Reach:
    """Folders that the files named in a case lie in, wherever links on the way lead.

    Attributes:
        folders: real paths of the folders.
        everywhere: whether any file may be named.
    """

    folders: list[str] = field(default_factory=list)
    everywhere: bool = False

    @classmethod
    def of(cls, case: Path, everywhere: bool) -> "Reach":
        """The folder of a case and the current one; and the shipped files, which name each other."""
        near = (case.parent, Path.cwd(), configs_folder())
        return cls([os.path.realpath(folder) for folder in near], everywhere)

    def refusal(self, place: Place, target: Path, named: str) -> str | None:
        """Why a file must not be opened, or None.

        A path that was typed after `--set` is the reader's own, and so are those beside its file.

        Args:
            place: where the path was written.
            target: the path, that of the folder it is relative to included.
            named: what to call it.
        """
        try:
            real = os.path.realpath(target)
        except (OSError, ValueError):
            return None  # nothing can be opened there: who tries says why
        if not place.line:
            self.folders.append(os.path.dirname(real))  # noqa: PTH120 - a text, as realpath gives it
            return None
        if self.everywhere or any(os.path.commonpath((real, folder)) == folder for folder in self.folders):
            return None
        return f"{shown(named)} leads outside the folder of the case and the current one"
