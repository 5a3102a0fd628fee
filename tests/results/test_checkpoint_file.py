"""Checkpoints come back as they were, or are known to be damaged."""

import json
import random
import zipfile
from pathlib import Path

import numpy as np
import pytest

from solver.results.checkpoint import (
    FILE,
    PREVIOUS,
    Checkpoint,
    CheckpointError,
    _read,
    drop_checkpoints,
    read_checkpoint,
    write_checkpoint,
)

FACTS = {"step": 2, "time": 1234.5678901234567, "nothing": None, "inf": float("inf"), "words": ["a", "µ"]}
ARRAYS = {
    "0 occupancy": np.linspace(0.1, 0.9, 37),
    "memory 0 points": np.arange(24.0).reshape(2, 3, 4),
    "empty": np.zeros(0),
}


def equal(a: Checkpoint, b: Checkpoint) -> bool:
    if a.facts.keys() - {"format"} != b.facts.keys() - {"format"} or a.arrays.keys() != b.arrays.keys():
        return False
    facts = all(a.facts[name] == b.facts[name] for name in a.facts.keys() - {"format"})
    return facts and all(
        a.arrays[name].dtype == b.arrays[name].dtype and np.array_equal(a.arrays[name], b.arrays[name])
        for name in a.arrays
    )


def test_comes_back_bit_by_bit(tmp_path: Path) -> None:
    given = Checkpoint(FACTS, ARRAYS)
    write_checkpoint(tmp_path, given)
    found, damaged = read_checkpoint(tmp_path)
    assert found is not None
    assert equal(found, given)
    assert damaged == []
    assert {path.name for path in tmp_path.iterdir()} == {FILE}


def test_the_one_before_is_kept(tmp_path: Path) -> None:
    for step in (1, 2, 3):
        write_checkpoint(tmp_path, Checkpoint({"step": step}))
    assert _read(tmp_path / FILE).facts["step"] == 3
    assert _read(tmp_path / PREVIOUS).facts["step"] == 2
    (tmp_path / FILE).write_bytes(b"")
    found, damaged = read_checkpoint(tmp_path)
    assert found is not None
    assert found.facts["step"] == 2
    assert len(damaged) == 1
    assert "damaged" in damaged[0]
    drop_checkpoints(tmp_path)
    assert read_checkpoint(tmp_path) == (None, [])


def test_numpy_numbers_are_numbers_and_objects_are_refused(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, Checkpoint({"a": np.float64(0.1), "b": np.int64(3)}))
    assert json.loads(zipfile.ZipFile(tmp_path / FILE).read("facts.json"))["b"] == 3
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(ValueError, match="Object arrays"):
        write_checkpoint(tmp_path, Checkpoint({}, {"o": np.array([{}], dtype=object)}))
    with pytest.raises(TypeError):
        write_checkpoint(tmp_path, Checkpoint({"o": {1, 2}}))
    assert (tmp_path / FILE).read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {FILE}


def test_two_hundred_damaged_files_give_the_same_or_nothing(tmp_path: Path) -> None:
    given = Checkpoint(FACTS, ARRAYS)
    write_checkpoint(tmp_path, given)
    path = tmp_path / FILE
    whole, draw = path.read_bytes(), random.Random(11)
    refused = 0
    for k in range(200):
        content = bytearray(whole)
        if k % 4 == 3:
            content = content[: draw.randrange(len(content))]
        for _ in range(1 + k % 3):
            if content:
                content[draw.randrange(len(content))] = draw.randrange(256)
        path.write_bytes(content)
        try:
            assert equal(_read(path), given)
        except CheckpointError:
            refused += 1
    assert refused > 150


def test_little_on_disk_does_not_become_much_in_memory(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / FILE, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("facts.json", json.dumps({"format": 1}))
        archive.writestr("bomb.npy", bytes(50_000_000))
        archive.writestr("digests.json", "{}")
    assert (tmp_path / FILE).stat().st_size < 200_000
    with pytest.raises(CheckpointError, match="longer than the file"):
        _read(tmp_path / FILE)


def test_another_format_is_refused(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, Checkpoint({"format": 2}))
    with pytest.raises(CheckpointError, match="another version"):
        _read(tmp_path / FILE)
