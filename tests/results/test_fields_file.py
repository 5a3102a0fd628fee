"""fields.vtkhdf: one file of a run's fields, exact, and whole at any moment."""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pyvista
import vtk

from solver.results import RunFolder, RunReadError, Snapshot, read_run

CELLS = 5
PART = ".fields.vtkhdf.part"


def snapshot(
    moment: float,
    corners: int = 3,
    step: int = 1,
    words: str = "m",
    cells: int = CELLS,
    seed: int | None = None,
) -> Snapshot:
    """Fields without any pattern, at second `moment`."""
    count = cells * corners
    mesh = np.random.default_rng(corners)
    some = np.random.default_rng(int(moment) if seed is None else seed)
    occupancy = some.random(count)
    occupancy[0] = np.nan
    return Snapshot(
        time=moment,
        step=step,
        increment=int(moment) * 10,
        voltage=3.7 + moment / 100,
        moment=words,
        points=mesh.normal(size=(count, 3)) * 1e-6,
        cells=np.arange(count).reshape(-1, corners),
        point_data={
            "occupancy": occupancy,
            "displacement": some.normal(size=(count, 3)) * 1e-9,
            "stress": some.normal(size=(count, 6)) * 1e9,
        },
        cell_data={
            "region": some.integers(1, 3, cells).astype(np.int8),
            "grain": some.integers(0, 90000, cells).astype(np.int32),
            "wall": some.integers(0, 4, cells).astype(np.uint8),
            "lithium_flux": some.normal(size=(cells, 3)),
        },
    )


def open_folder(path: Path) -> RunFolder:
    folder = RunFolder.create(path)
    folder.write_case(b"", "a: 1\n")
    return folder


def as_a_viewer(file: Path) -> list[pyvista.UnstructuredGrid]:
    """Every time step, as ParaView's reader gives it."""
    reader = pyvista.get_reader(file)
    reader.reader.UpdateInformation()
    grids = []
    for k in range(reader.reader.GetNumberOfSteps()):
        reader.reader.SetStep(k)
        grids.append(reader.read().copy())
    return grids


def assert_shows(grid: pyvista.UnstructuredGrid, given: Snapshot) -> None:
    corners = given.cells.shape[1]
    assert set(grid.celltypes) == {{2: pyvista.CellType.LINE, 3: pyvista.CellType.TRIANGLE, 4: 10}[corners]}
    assert np.array_equal(grid.points, given.points)
    assert np.array_equal(grid.cell_connectivity.reshape(-1, corners), given.cells)
    for shown, wanted in ((grid.point_data, given.point_data), (grid.cell_data, given.cell_data)):
        assert set(shown.keys()) == set(wanted)
        for name, values in wanted.items():
            assert shown[name].dtype == values.dtype
            assert np.array_equal(shown[name], values, equal_nan=values.dtype.kind == "f"), name


@pytest.mark.parametrize(("corners", "count"), [(2, 1), (2, 3), (3, 3), (4, 3), (4, 40)])
def test_every_value_of_every_moment_is_read_back_exactly(tmp_path: Path, corners: int, count: int) -> None:
    given = [snapshot(float(k), corners, step=k, words=f"moment {k}, at 2 µA: <&>") for k in range(count)]
    with open_folder(tmp_path / "run") as folder:
        for one in given:
            folder.write_snapshot(one)
    file = tmp_path / "run" / "fields.vtkhdf"
    for grid, one in zip(as_a_viewer(file), given, strict=True):
        assert_shows(grid, one)
        told = grid.field_data
        assert (told["time [s]"][0], told["voltage [V]"][0]) == (one.time, one.voltage)
        assert (told["step"][0], told["increment"][0], told["moment"][0]) == (
            one.step,
            one.increment,
            one.moment,
        )
    records = read_run(tmp_path / "run").snapshots
    for record, one in zip(records, given, strict=True):
        assert_shows(record.load(), one)
        assert (record.time, record.step, record.increment) == (one.time, one.step, one.increment)
        assert (record.voltage, record.moment) == (one.voltage, one.moment)
    # The times as a pipeline asks for them; a single one is no time series to VTK.
    reader = vtk.vtkHDFReader()
    reader.SetFileName(str(file))
    reader.UpdateInformation()
    key = vtk.vtkStreamingDemandDrivenPipeline.TIME_STEPS()
    listed = reader.GetOutputInformation(0).Get(key)
    assert listed == (tuple(one.time for one in given) if count > 1 else None)


def test_there_is_one_file_and_the_mesh_is_in_it_once(tmp_path: Path) -> None:
    def still(moment: float) -> Snapshot:
        given = snapshot(moment, cells=4000)
        return replace(given, point_data={"occupancy": np.zeros(12000)}, cell_data={})

    with open_folder(tmp_path / "run") as folder:
        before = {path.name for path in folder.path.iterdir()}
        folder.write_snapshot(still(0.0))
        size = (folder.path / "fields.vtkhdf").stat().st_size
        for k in range(1, 20):
            folder.write_snapshot(still(float(k)))
        assert {path.name for path in folder.path.iterdir()} - before == {"fields.vtkhdf"}
        # 12000 points of random doubles cannot be packed into less than this.
        assert size > 200_000
        assert (folder.path / "fields.vtkhdf").stat().st_size < 1.5 * size


def test_of_two_moments_at_one_time_viewers_see_the_later_and_the_list_keeps_both(tmp_path: Path) -> None:
    given = [
        snapshot(0.0, step=0, words="equilibrium", seed=1),
        snapshot(0.0, words="end of step 1: Rest, or so <&>", seed=2),
        snapshot(5.0, step=2, seed=3),
        snapshot(5.0, step=3, seed=4),
        snapshot(9.0, step=4, seed=5),
    ]
    file = tmp_path / "run" / "fields.vtkhdf"
    with open_folder(tmp_path / "run") as folder:
        for k, one in enumerate(given):
            folder.write_snapshot(one)
            if k < 2:  # the only time there is
                assert_shows(pyvista.read(file), one)
                assert pyvista.read(file).field_data["step"].tolist() == [one.step]
    records = read_run(tmp_path / "run").snapshots
    assert [r.moment for r in records][:2] == ["equilibrium", "end of step 1: Rest, or so <&>"]
    for record, one in zip(records, given, strict=True):
        assert_shows(record.load(), one)
    for grid, one in zip(as_a_viewer(file), (given[1], given[3], given[4]), strict=True):
        assert_shows(grid, one)
        assert (grid.field_data["Time"][0], grid.field_data["step"][0]) == (one.time, one.step)


def test_a_voltage_that_is_not_defined_stays_so(tmp_path: Path) -> None:
    with open_folder(tmp_path / "run") as folder:
        folder.write_snapshot(replace(snapshot(0.0), voltage=np.nan))
    assert np.isnan(read_run(tmp_path / "run").snapshots[0].voltage)


def test_what_does_not_follow_is_refused_and_what_was_written_stays(tmp_path: Path) -> None:
    first = snapshot(3.0)
    moved = replace(snapshot(4.0), points=first.points + 1e-12)
    other = replace(snapshot(4.0), point_data={"pressure": first.point_data["occupancy"]})
    wider = replace(snapshot(4.0), cell_data={**first.cell_data, "lithium_flux": np.zeros((CELLS, 2))})
    with open_folder(tmp_path / "run") as folder:
        folder.write_snapshot(first)
        for wrong, words in (
            (moved, "mesh of the snapshots changed"),
            (other, "fields of the snapshots changed"),
            (wider, "fields of the snapshots changed"),
            (snapshot(2.0), r"2\.0 s follows one of 3\.0 s"),
        ):
            with pytest.raises(ValueError, match=words):
                folder.write_snapshot(wrong)
        folder.write_snapshot(snapshot(4.0))
        assert not (folder.path / PART).exists()
    shown = as_a_viewer(tmp_path / "run" / "fields.vtkhdf")
    assert_shows(shown[0], first)
    assert_shows(shown[1], snapshot(4.0))


def test_fields_of_the_wrong_length_are_refused() -> None:
    good = snapshot(0.0)
    with pytest.raises(ValueError, match="'occupancy' has 2 values for 15 points"):
        replace(good, point_data={"occupancy": np.zeros(2)})
    with pytest.raises(ValueError, match=r"shape \(n, 3\)"):
        replace(good, points=good.points[:, :2])


@pytest.mark.parametrize("already", [0, 1, 3])
def test_a_failure_in_the_middle_of_writing_leaves_all_snapshots_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, already: int
) -> None:
    from solver.results import vtkhdf

    folder = open_folder(tmp_path / "run")
    for k in range(already):
        folder.write_snapshot(snapshot(float(k)))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        # Everything but the steps is in the part by then.
        patch.setattr(vtkhdf, "_show", full)
        with pytest.raises(OSError, match="No space"):
            folder.write_snapshot(snapshot(float(already)))
    assert not (folder.path / PART).exists()
    assert len(read_run(folder.path).snapshots) == already
    # What failed can be written again.
    folder.write_snapshot(snapshot(float(already)))
    folder.close()
    for k, grid in enumerate(as_a_viewer(folder.path / "fields.vtkhdf")):
        assert_shows(grid, snapshot(float(k)))
    assert len(read_run(folder.path).snapshots) == already + 1


@pytest.mark.parametrize("torn", ["half", "nothing", "rubbish", "longer"])
def test_a_part_that_a_killed_process_left_harms_nobody(tmp_path: Path, torn: str) -> None:
    folder = open_folder(tmp_path / "run")
    folder.write_snapshot(snapshot(0.0))
    folder.write_snapshot(snapshot(1.0))
    file, part = folder.path / "fields.vtkhdf", folder.path / PART
    whole = file.read_bytes()
    left = {"half": whole[: len(whole) // 2], "nothing": b"", "rubbish": b"x" * 4000, "longer": whole + whole}
    part.write_bytes(left[torn])
    assert len(read_run(folder.path).snapshots) == len(as_a_viewer(file)) == 2
    folder.write_snapshot(snapshot(2.0))
    folder.close()
    assert not part.exists()
    assert [grid.field_data["time [s]"][0] for grid in as_a_viewer(file)] == [0.0, 1.0, 2.0]
    # A new run in the same place starts over, whatever lies there.
    part.write_bytes(left[torn])
    with RunFolder.create(folder.path, force=True) as again:
        part.write_bytes(left[torn])
        again.write_snapshot(snapshot(7.0))
    assert_shows(pyvista.read(file), snapshot(7.0))


WRITE_FOR_EVER = """
import sys
from pathlib import Path
import numpy as np
from solver.results import RunFolder, Snapshot
folder = RunFolder.create(Path(sys.argv[1]))
folder.write_case(b"", "a: 1")
cells = np.arange(40000).reshape(-1, 4)
points = np.random.default_rng(0).normal(size=(40000, 3))
k = 0
while True:
    folder.write_snapshot(Snapshot(k, 1, k, 3.7, "m", points, cells, {"occupancy": k + points[:, 0]}))
    print(k, flush=True)
    k += 1
"""


@pytest.mark.parametrize("pause", [0.0, 0.0021, 0.0043, 0.0087, 0.0133])
def test_a_process_killed_at_any_instant_loses_at_most_the_newest_snapshot(
    tmp_path: Path, pause: float
) -> None:
    out = tmp_path / "run"
    command = [sys.executable, "-c", WRITE_FOR_EVER, str(out)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    said = process.stdout
    assert said is not None
    while (line := said.readline()) != "4\n":
        assert line, "the writer ended"
    time.sleep(pause)
    process.send_signal(signal.SIGKILL)
    finished = [4, *(int(line) for line in said.read().split())][-1]
    process.wait()
    said.close()
    grids = as_a_viewer(out / "fields.vtkhdf")
    times = [grid.field_data["time [s]"][0] for grid in grids]
    # The snapshot after the last one that was reported may have been in place already.
    assert times in ([float(k) for k in range(finished + n)] for n in (1, 2))
    records = read_run(out).snapshots
    assert [record.time for record in records] == times
    for k, (grid, record) in enumerate(zip(grids, records, strict=True)):
        wanted = k + np.asarray(grid.points)[:, 0]
        assert np.array_equal(grid.point_data["occupancy"], wanted)
        assert np.array_equal(record.load().point_data["occupancy"], wanted)


def watch(out: Path) -> None:
    """Open the file again and again, in a process of its own, until it was met in six lengths."""
    seen = set()
    kept = out.with_name("kept.vtkhdf")
    while len(seen) < 6:
        records = read_run(out).snapshots
        for record in (records[0], records[-1]):
            assert_shows(record.load(), snapshot(record.time))
        # VTK opens a file by its name several times and fails, or worse, where it is another one by then.
        # What is to be shown is that every version of the file is whole, so it gets one of them to keep.
        kept.unlink(missing_ok=True)
        os.link(out / "fields.vtkhdf", kept)
        grids = as_a_viewer(kept)
        for k, grid in enumerate(grids):
            assert_shows(grid, snapshot(float(k)))
        assert len(grids) >= len(records)
        seen.add(len(grids))


def test_it_can_be_read_at_any_moment_of_the_run(tmp_path: Path) -> None:
    folder = open_folder(tmp_path / "run")
    folder.write_snapshot(snapshot(0.0))
    folder.write_snapshot(snapshot(1.0))
    watcher = multiprocessing.get_context("spawn").Process(target=watch, args=(folder.path,), daemon=True)
    watcher.start()
    viewer = vtk.vtkHDFReader()  # had the file open before the others came
    viewer.SetFileName(str(folder.path / "fields.vtkhdf"))
    viewer.UpdateTimeStep(1.0)
    count = 2
    while watcher.is_alive():
        folder.write_snapshot(snapshot(float(count)))
        count += 1
        viewer.UpdateTimeStep(float(count % 2))
        assert_shows(pyvista.wrap(viewer.GetOutput()), snapshot(float(count % 2)))
        watcher.join(0.02)
    folder.close()
    assert watcher.exitcode == 0
    assert len(as_a_viewer(folder.path / "fields.vtkhdf")) == count


def test_a_file_that_is_no_file_of_fields_is_named(tmp_path: Path) -> None:
    folder = open_folder(tmp_path / "run")
    folder.write_snapshot(snapshot(0.0))
    folder.close()
    record = read_run(folder.path).snapshots[0]
    with pytest.raises(RunReadError, match="snapshot 1 is not readable"):
        replace(record, number=1).load()
    file = folder.path / "fields.vtkhdf"
    shutil.copyfile(folder.path / "log.txt", file)
    with pytest.raises(RunReadError, match=r"fields\.vtkhdf: snapshot 0 is not readable"):
        record.load()
    with pytest.raises(RunReadError, match=r"fields\.vtkhdf: not readable as fields"):
        _ = read_run(folder.path).snapshots
