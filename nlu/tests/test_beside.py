from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from nlu.components.beside import Beside

HOUSE = Path(__file__).parents[2]
BEGIN = """
import sys
from pathlib import Path
from nlu.components.beside import Beside
Beside(Path.read_text, Path(sys.argv[1]))
print("begun", flush=True)
input()
"""


def test_work_is_done_beside() -> None:
    beside = Beside(divmod, 7, 2)
    assert beside.result() == (3, 1)


def test_work_that_fails_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    beside = Beside(divmod, 7, 0)
    with pytest.raises(RuntimeError):
        beside.result()
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_a_killed_training_leaves_no_process_behind(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    # Both processes hold the other end: it is closed when the last of them has ended.
    alive, held = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-c", BEGIN, str(gate)],
        cwd=HOUSE,
        pass_fds=[held],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as killed:
        os.close(held)
        assert killed.stdout
        assert killed.stdout.readline() == b"begun\n"
        killed.kill()
    gate.write_text("the work may end")
    assert select.select([alive], [], [], 60)[0]
    assert os.read(alive, 1) == b""
    os.close(alive)
