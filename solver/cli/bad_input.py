"""Input that a command cannot use: exit code 2 and one line for each reason."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class BadInput(Exception):
    """What the user gave cannot be used.

    Args:
        lines: The reasons, one line each, as they are printed.
        quiet: True on ranks that leave the printing to rank 0.
    """

    def __init__(self, lines: Sequence[str], quiet: bool = False) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)
        self.quiet = quiet


@contextmanager
def bad_input_from(*kinds: type[Exception], quiet: bool = False) -> Iterator[None]:
    """Turn exceptions that speak of bad input into `BadInput`.

    Args:
        kinds: Exception classes whose message is meant for the user; their `lines`, where they have such an
            attribute, are taken one by one.
        quiet: As in `BadInput`.

    Yields:
        Nothing.

    Raises:
        BadInput: One of them was raised inside the block.
    """
    try:
        yield
    except kinds as error:
        lines = getattr(error, "lines", None) or str(error).splitlines() or [type(error).__name__]
        raise BadInput(tuple(lines), quiet) from error
