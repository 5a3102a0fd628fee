"""The one exception of this package."""


class MeshError(Exception):
    """A mesh cannot be built, read or trusted; the message says why and what would be accepted."""
