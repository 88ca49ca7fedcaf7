"""The demo, started once from the debug build on free loopback ports, and driven from outside with tools that are not ours."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import threading

import pytest

import hall

ROOT = pathlib.Path(__file__).resolve().parents[2]


def free_base():
    """A port P such that P..P+5 are free."""
    for base in range(18443, 28443, 11):
        sockets = []
        try:
            for port in range(base, base + 6):
                listener = socket.socket()
                sockets.append(listener)
                listener.bind(("127.0.0.1", port))
            return base
        except OSError:
            continue
        finally:
            for listener in sockets:
                listener.close()
    raise RuntimeError("no six free ports in a row")


def start_demo(folder, port, timeout=240):
    """Runs `hallpass demo up` and waits for its ready line; returns the process."""
    process = subprocess.Popen(
        [str(hall.BINARY), "demo", "up", "--dir", folder, "--port", str(port)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=open(ROOT / ".build" / "end-to-end-demo.log", "ab"), text=True)
    lines = []
    ready = threading.Event()

    def read():
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.startswith("ready: "):
                ready.set()
        ready.set()

    threading.Thread(target=read, daemon=True).start()
    if not ready.wait(timeout) or not any(line.startswith("ready: ") for line in lines):
        process.terminate()
        process.wait(30)
        log = (ROOT / ".build" / "end-to-end-demo.log").read_text(errors="replace")[-4000:]
        raise RuntimeError("the demo did not become ready:\n" + "\n".join(lines[-20:]) + "\n" + log)
    process.ready_line = next(line for line in lines if line.startswith("ready: "))
    return process


def stop_demo(process):
    process.send_signal(signal.SIGTERM)
    return process.wait(40)


@pytest.fixture(scope="session")
def demo():
    folder = os.path.join(".build", "end-to-end-demo")
    shutil.rmtree(ROOT / folder, ignore_errors=True)
    (ROOT / ".build" / "end-to-end-demo.log").unlink(missing_ok=True)
    port = free_base()
    process = start_demo(folder, port)
    description = json.loads((ROOT / folder / "demo.json").read_text())
    yield hall.Hall(description, folder, port, process)
    if process.poll() is None:
        assert stop_demo(process) == 0
