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
HIDDEN = [HOME / ".cargo", HOME / ".rustup", HOME / ".cache" / "woozle"]


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


class Network:
    """Machines as network namespaces, on a bridge that this machine has an address on. It takes root's rights."""

    def __init__(self):
        self.bridge, self.names = f"woozle{os.getpid() % 100_000}", []
        self.address = "198.18.77.1"  # of the range that is set aside for tests

    @staticmethod
    def ip(*words):
        return subprocess.run(["ip", *words], capture_output=True, text=True)

    def start(self):
        """Whether this system allows it."""
        made = self.ip("link", "add", self.bridge, "type", "bridge")
        made = made.returncode or self.ip("address", "add", f"{self.address}/24", "dev", self.bridge).returncode
        return not (made or self.ip("link", "set", self.bridge, "up").returncode)

    def machine(self):
        """What starts a program on another machine."""
        number = len(self.names) + 2
        name, here, there = f"{self.bridge}-{number}", f"wz{os.getpid() % 100_000}h{number}", f"wz{os.getpid() % 100_000}t{number}"
        self.names.append(name)
        for words in (
            ["netns", "add", name],
            ["link", "add", here, "type", "veth", "peer", "name", there, "netns", name],
            ["link", "set", here, "master", self.bridge, "up"],
            ["-n", name, "address", "add", f"198.18.77.{number}/24", "dev", there],
            ["-n", name, "link", "set", there, "up"],
            ["-n", name, "link", "set", "lo", "up"],
        ):
            done = self.ip(*words)
            assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"
        return ["ip", "netns", "exec", name]

    def end(self):
        for name in self.names:
            self.ip("netns", "delete", name)
        self.ip("link", "delete", self.bridge)


class Dask:
    """A scheduler, and workers that join and go."""

    def __init__(self, folder, tls=None, scheduler=(), network=None):
        self.folder, self.tls, self.workers, self.made = folder, tls or [], [], 0
        self.network = network
        self.file = folder / "scheduler.json"
        self.scheduler = None
        self.start_scheduler(0, *scheduler)

    def start_scheduler(self, port, *before):
        """Starts it, after some Python."""
        self.file.unlink(missing_ok=True)
        host = self.network.address if self.network else "127.0.0.1"
        host = f"tls://{host}" if self.tls else host
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
            [*(self.network.machine() if self.network else []), *own_view(folder, size)], "dask_worker", before, self.address, "--nthreads", "1", "--no-dashboard",
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
