"""Finds `making` and `cases`, and the executable under test."""
import json
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("HALLPASS_BINARY", ROOT / ".build" / "debug" / "hallpass"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))


def run_batch(lines):
    """Feeds lines (text, or objects to write as JSON) to `hallpass verify --batch`, at most 4,000 to one process; the answers in order."""
    if len(lines) > 4000:
        return run_batch(lines[:4000]) + run_batch(lines[4000:])
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    run = subprocess.run([str(BINARY), "verify", "--batch"], input=text, capture_output=True, text=True, timeout=240)
    assert run.returncode == 0, run.stderr
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(lines)
    return answers


@pytest.fixture(scope="session")
def batch():
    return run_batch
