from pathlib import Path

import numpy as np
import pytest

from solver.report.errors import ReportError
from solver.report.measured import read_measured


def write(tmp_path: Path, content: str | bytes) -> Path:
    file = tmp_path / "measured.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_one_curve(tmp_path):
    file = write(tmp_path, "# W23, figure 1\nvoltage [V],capacity [mAh/g],note\n3.7,0,x\n\n4.3,138.5,y\n")
    (curve,) = read_measured(file)
    assert curve.step == ""
    np.testing.assert_array_equal(curve.capacity, [0.0, 138.5])
    np.testing.assert_array_equal(curve.voltage, [3.7, 4.3])


def test_a_step_column_parts_curves_in_order(tmp_path):
    file = write(
        tmp_path, "\ufeffcapacity [mAh/g], voltage [V], step\n0,3.7,up\n0,4.2,down\n9,4.2,up\n9,3.1,down\n"
    )
    curves = read_measured(file)
    assert [curve.step for curve in curves] == ["up", "down"]
    assert curves[1].voltage.tolist() == [4.2, 3.1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("# nothing\n", "is empty"),
        ("capacity [mAh/g],voltage [V]\n", "holds no rows"),
        ("capacity [Ah],voltage [V]\n1,2\n", ":1: column 'capacity [mAh/g]' is missing"),
        ("capacity [mAh/g];voltage [V]\n1;2\n", ":1: column 'capacity [mAh/g]' is missing"),
        ("capacity [mAh/g],voltage [V]\n1,2\n2,nan\n", ":3: voltage [V]: 'nan' is no finite number"),
        ("capacity [mAh/g],voltage [V]\n1,\n", ":2: voltage [V]: '' is no finite number"),
        ("capacity [mAh/g],voltage [V]\n1,5,3.7\n", ":2: 3 values; the first line names 2 columns"),
        ("capacity [mAh/g],voltage [V]\n1,3.7 V\n", ":2: voltage [V]: '3.7 V'"),
        (b"capacity [mAh/g],voltage [V]\n1,\xff\n", "not UTF-8 text (byte 31)"),
    ],
)
def test_bad_files_say_where_and_what_is_allowed(tmp_path, content, said):
    with pytest.raises(ReportError) as caught:
        read_measured(write(tmp_path, content))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file(tmp_path):
    with pytest.raises(ReportError, match="No such file"):
        read_measured(tmp_path / "none.csv")
