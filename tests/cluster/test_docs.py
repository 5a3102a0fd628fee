"""The page on clusters: its scripts are bash, and it explains every key of a profile."""

import re
import subprocess
from pathlib import Path

import pytest

from solver.sweep.cluster_profile import ClusterProfile

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "cluster.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```", PAGE, re.S | re.M)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_scripts_are_bash(number: int) -> None:
    done = subprocess.run(["bash", "-n"], input=BLOCKS[number], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_there_is_a_script_to_submit() -> None:
    (script,) = [block for block in BLOCKS if "#SBATCH" in block]
    # Slurm reads its lines up to the first command only.
    head, _, rest = script.partition("\ncase=")
    assert head.count("#SBATCH") == 9
    assert "#SBATCH" not in rest


def test_every_key_of_a_profile_is_explained() -> None:
    table = PAGE.split("### Profiles")[1].split("\n\n")
    (rows,) = [part for part in table if part.startswith("| key |")]
    explained = [key for row in rows.splitlines()[2:] for key in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(explained) == sorted(ClusterProfile.model_fields)
