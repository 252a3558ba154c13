"""A Dask cluster of processes on this machine. Its workers see no Rust and no file of the session's, where the system
lets them have a view of the file system of their own."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

HOME = Path.home()
# What a machine of a cluster does not have.
HIDDEN = [HOME / ".cargo", HOME / ".rustup", HOME / ".cache"]


def own_view(folder, size=None):
    """What starts a program with a file system of its own: without Rust, and with so much room in its folder; nothing if
    this system does not allow it."""
    unshare = ["unshare", "--mount"] + ([] if os.getuid() == 0 else ["--map-root-user"])
    hidden = [*HIDDEN, Path(os.environ["WOOZLE_CACHE"]), Path(os.environ["WOOZLE"]).parent]
    mounts = [f"mount -t tmpfs none '{path}'" for path in hidden if path.is_dir()]
    if size:
        mounts.append(f"mount -t tmpfs -o size={size} none '{folder}'")
    view = [*unshare, "sh", "-ec", "; ".join([*mounts, 'exec "$@"']), "sh"]
    allowed = subprocess.run([*view, "true"], capture_output=True).returncode == 0
    return view if allowed else []


class Dask:
    """A scheduler, and workers that join and go."""

    def __init__(self, folder, tls=None, scheduler=()):
        self.folder, self.tls, self.workers, self.made = folder, tls or [], [], 0
        self.file = folder / "scheduler.json"
        self.scheduler = None
        self.start_scheduler(0, *scheduler)

    def start_scheduler(self, port, *before):
        """Starts it, after some Python."""
        self.file.unlink(missing_ok=True)
        host = "tls://127.0.0.1" if self.tls else "127.0.0.1"
        self.scheduler = self.start(
            [], "dask_scheduler", before, "--host", host, "--port", str(port), "--no-dashboard",
            "--scheduler-file", str(self.file))
        while not self.file.exists() or not self.file.read_text().strip():
            assert self.scheduler.poll() is None, "the scheduler has ended"
            time.sleep(0.05)  # Dask tells by that file alone
        self.address = json.loads(self.file.read_text())["address"]

    def start(self, view, program, before, *arguments):
        code = "; ".join([*before, f"from distributed.cli.{program} import main", "main()"])
        log = open(self.folder / f"{program}-{self.made}.log", "w")
        self.made += 1
        return subprocess.Popen(
            [*view, sys.executable, "-c", code, *self.tls, *arguments],
            stdout=log, stderr=log, cwd=self.folder, start_new_session=True)

    def worker(self, *before, size=None, memory="0", nanny=True):
        """Another worker, which starts after some Python."""
        folder = self.folder / f"worker-{self.made}"
        folder.mkdir()
        worker = self.start(
            own_view(folder, size), "dask_worker", before, self.address, "--nthreads", "1", "--no-dashboard",
            "--local-directory", str(folder), "--memory-limit", memory, "--death-timeout", "30",
            *([] if nanny else ["--no-nanny"]))
        self.workers.append(worker)
        return worker

    def kill(self, process):
        """Ends it as the death of its machine would."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self):
        for process in [*self.workers, self.scheduler]:
            if process.poll() is None:
                self.kill(process)


def worker_processes():
    """The processes of all sessions' functions on workers."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
        except (OSError, NotADirectoryError):
            continue
        if len(command) > 1 and command[0].endswith(b"woozle-host") and command[1] == b"--worker":
            found.append(int(process.name))
    return found
