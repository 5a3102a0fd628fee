"""JSON that every reader accepts: no NaN, no NumPy types, no infinite numbers."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np


def plain(value: object) -> Any:
    """Turn nested mappings, sequences and NumPy values into what the json module writes.

    Numbers that are not finite become None: JSON has no word for them, and a reader should meet `null`
    rather than fail on `NaN`.

    Args:
        value: Anything made of mappings with text keys, sequences, numbers, text, booleans and None.

    Returns:
        The same in dict, list, int, float, str, bool and None.

    Raises:
        TypeError: A value of another type, or a key that is not text.
    """
    match value:
        case None | bool() | str() | int():
            return value
        case float():
            return value if math.isfinite(value) else None
        case np.generic():
            return plain(value.item())
        case np.ndarray():
            return plain(value.tolist())
        case Path():
            return str(value)
        case Mapping():
            return {_text_key(key): plain(item) for key, item in value.items()}
        case Sequence():
            return [plain(item) for item in value]
    raise TypeError(f"cannot be written as JSON: {type(value).__name__}")


def to_json(value: Mapping[str, object]) -> bytes:
    """A mapping as indented UTF-8 JSON text that ends with a line break."""
    return (json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _text_key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"JSON keys are text, not {type(key).__name__}")
    return key
