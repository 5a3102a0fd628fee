"""The results of a sweep as two files: Parquet with typed columns, and the same as CSV."""

import csv
import io
from pathlib import Path
from typing import Any, Final

from solver.results.atomic import replace_file, replacing
from solver.sweep.columns import Column, Results, read_results
from solver.sweep.flattening import Cell
from solver.sweep.rows import SweepReadError
from solver.version import program_version

PARQUET: Final = "results.parquet"
CSV: Final = "results.csv"


def collect(directory: Path) -> Path:
    """Write results.parquet and results.csv into the folder of a sweep, one row a case.

    Columns are number, hash, the swept fields in SI with their unit in the name, status, reason, and the
    figures of the summaries. The Parquet file says in its metadata what sweep it is of and which version
    wrote it, and the unit of each column.

    Args:
        directory: folder of a sweep, finished or not.

    Returns:
        The Parquet file.

    Raises:
        SweepReadError: the folder is none of a sweep, or cannot be written to.
    """
    directory = Path(directory)
    results = read_results(directory)
    try:
        replace_file(directory / CSV, csv_text(results.columns).encode())
        with replacing(directory / PARQUET) as part:
            _write_parquet(results, part)
    except OSError as error:
        raise SweepReadError(f"{directory}: cannot be written ({error.strerror or error})") from error
    return directory / PARQUET


def csv_text(columns: tuple[Column, ...]) -> str:
    """Columns as CSV: shortest digits that read back to the same number, nothing for what is missing."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    writer.writerows(zip(*([_text(cell) for cell in column.values] for column in columns), strict=True))
    return stream.getvalue()


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float():
            return repr(cell)
    return str(cell)


def _write_parquet(results: Results, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types: dict[str, Any] = {
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "text": pa.string(),
    }
    columns = results.columns
    schema = pa.schema(
        [
            pa.field(column.name, types[column.kind], metadata={"unit": column.unit} if column.unit else None)
            for column in columns
        ],
        metadata={
            "sweep": results.rows.name,
            "base": results.rows.base,
            "program": "lithostat",
            "version": program_version(),
        },
    )
    arrays = [pa.array(column.values, types[column.kind]) for column in columns]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), path)
