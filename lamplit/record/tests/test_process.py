"""A program's worker ends with it, though nobody could tell it to."""

import os
import signal
import subprocess
import sys

from lamplit.record import process

PARENT = """
import multiprocessing, os, time
from lamplit.record import process

def child(parent):
    if os.environ.get("WITH") == "1":
        process.end_with(parent)
    print(os.getpid(), flush=True)
    time.sleep(60)

if __name__ == "__main__":
    multiprocessing.get_context("spawn").Process(target=child, args=(os.getpid(),)).start()
    time.sleep(60)
"""


def test_a_worker_ends_when_what_started_it_is_killed_alone(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PARENT)
    for bound in (True, False):
        words = {"args": [sys.executable, str(program)], "env": os.environ | {"WITH": "1" if bound else ""}}
        with subprocess.Popen(**words, stdout=subprocess.PIPE, text=True) as parent:
            assert parent.stdout is not None
            worker = int(parent.stdout.readline())
            seen = process.identity(worker)
            assert seen is not None
            parent.kill()
        assert process.gone_within(worker, seen, 10 if bound else 0.2) is bound
        if not bound:
            os.kill(worker, signal.SIGKILL)
