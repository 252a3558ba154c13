"""Runs the recorded notebook sessions, and compares the failures with those that are expected.

The sessions and their runner are not part of this repository: they lie in `shared/sessions`
beside it, or where WOOZLE_SESSIONS says. Without them there is nothing to do.

The last line of the output is `N passed, N failed`.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Runs the runner with kernels over ipc, each in a folder of its own: of two kernels that start at once over tcp, one may
# be given a port that the other one has, and then it ends.
OVER_IPC = """
import multiprocessing, os, runpy, sys, tempfile
from jupyter_client.manager import KernelManager

_, folder, *sys.argv = sys.argv
multiprocessing.set_start_method("fork")  # its processes are to know what follows
begin = KernelManager.__init__

def begin_over_ipc(self, *args, **kwargs):
    own = tempfile.mkdtemp(dir=folder)
    begin(self, *args, transport="ipc", ip=os.path.join(own, "kernel"), **kwargs)

KernelManager.__init__ = begin_over_ipc
runpy.run_path(sys.argv[0], run_name="__main__")
"""
BESIDE = HERE.parents[1].parent / "shared" / "sessions"


def main():
    folder = Path(os.environ.get("WOOZLE_SESSIONS", BESIDE))
    runner = folder / "run_sessions.py"
    if not runner.is_file():
        print(f"the sessions are skipped: there is no {runner}")
        print("0 passed, 0 failed")
        return 0
    expected = expected_failures()
    results = run(runner)
    complaints = []
    for result in results["sessions"]:
        name, known = result["id"], result["id"] in expected
        if result["ok"] and known:
            complaints.append(f"{name} passes: remove it from expected_failures.toml")
        elif not result["ok"] and not known:
            complaints.append(f"{name} fails: {json.dumps(result['failures'], ensure_ascii=False)}")
        elif known:
            print(f"{name} fails as expected ({expected[name]})")
    ran = {result["id"] for result in results["sessions"]}
    complaints += [f"{name} is expected to fail, but did not run" for name in expected.keys() - ran]
    if results["not_run"]:
        complaints.append(f"{results['not_run']} sessions were not run")
    for complaint in complaints:
        print(f"FAILED {complaint}")
    good = sum(result["ok"] for result in results["sessions"])
    print(f"{good} passed, {len(complaints)} failed")
    return 1 if complaints else 0


def expected_failures():
    """The reason for each session that is expected to fail."""
    groups = tomllib.loads((HERE / "expected_failures.toml").read_text())
    return {name: group["reason"] for group in groups.values() for name in group["sessions"]}


def run(runner):
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        arguments = [sys.executable, "-c", OVER_IPC, folder, runner, "woozle", "--jobs", "2", "--json", results]
        # It fails if any session does, and sums up; both is for us to do.
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                if not re.fullmatch(r"\d+ passed, \d+ failed\n", line):
                    print(line, end="", flush=True)
        return json.loads(results.read_text())


if __name__ == "__main__":
    sys.exit(main())
