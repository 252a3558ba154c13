"""A kernel in which a session runs, and what its cells send."""

import os
import queue
import re
import tempfile
import threading
import time
from dataclasses import dataclass, field

import zmq
from jupyter_client.manager import KernelManager

# Seconds: for a kernel to start, for a cell to end, for one that is explored, and without a message after which none is expected to come.
START = 120
CELL = 60
EXPLORED = 300  # what it needs is built with the first of them
SILENCE = 1
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass
class Cell:
    """What a cell has sent so far."""

    stdout: str = ""
    stderr: str = ""
    results: list = field(default_factory=list)
    displays: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    reply: dict | None = None
    is_idle: bool = False
    seconds: float | None = None

    def take(self, message):
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            text = ANSI.sub("", content["text"]) if content["name"] == "stderr" else content["text"]
            setattr(self, content["name"], getattr(self, content["name"]) + text)
        elif kind == "execute_result":
            self.results.append(content["data"])
        elif kind in ("display_data", "update_display_data"):
            self.displays.append(content["data"])
        elif kind == "error":
            self.errors.append(content)
        elif kind == "status":
            self.is_idle |= content["execution_state"] == "idle"

    @property
    def status(self):
        return self.reply and self.reply["status"]

    @property
    def error(self):
        """All that is said of the error, without colours."""
        errors = self.errors + ([self.reply] if self.status == "error" else [])
        lines = [line for error in errors for line in (error["ename"], error["evalue"], *error["traceback"])]
        return ANSI.sub("", "\n".join(lines))

    @property
    def report(self):
        return f"{self.error}\n{self.stderr}"

    @property
    def result(self):
        texts = [data["text/plain"] for data in self.results if "text/plain" in data]
        return texts[-1].rstrip("\n") if texts else None


class Kernel:
    """A fresh kernel over ipc: of two that start at once over tcp, one may be given a port that the other one has."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        context = zmq.Context()
        context.rcvhwm = 0  # no output is lost on this side
        address = os.path.join(self.folder.name, "kernel")
        self.manager = KernelManager(kernel_name="woozle", context=context, transport="ipc", ip=address)
        environment = {name: value for name, value in os.environ.items() if name != "RUST_BACKTRACE"}
        with open(os.devnull, "r+b") as null:
            self.manager.start_kernel(env=environment, stdout=null, stderr=null)
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.cells = {}
        try:
            self.client.wait_for_ready(timeout=START)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.manager.shutdown_kernel()
        self.manager.context.destroy(linger=0)
        self.folder.cleanup()

    def run(self, code, stdin=(), interrupt_after=None):
        """Runs a cell until it has been answered and the kernel is idle again."""
        answers, cell, begun = list(stdin), Cell(), time.monotonic()
        request = self.client.execute(code, allow_stdin=True, stop_on_error=False)
        self.cells[request] = cell
        if interrupt_after is not None:
            threading.Timer(interrupt_after, self.manager.interrupt_kernel).start()
        channels = {
            channel.socket: channel
            for channel in (self.client.iopub_channel, self.client.shell_channel, self.client.stdin_channel)
        }
        poller = zmq.Poller()
        for socket in channels:
            poller.register(socket, zmq.POLLIN)
        limit = EXPLORED if code.startswith("%%explore") else CELL
        while not (cell.reply and cell.is_idle):
            left = begun + limit - time.monotonic()
            ready = poller.poll(min(max(left, 0), 1) * 1000)
            if not ready:
                assert left > 0, f"no answer in {limit} s: {code}"
                assert self.manager.is_alive(), f"the kernel has ended: {code}"
            for socket, _ in ready:
                self.receive(channels[socket], request, answers)
        cell.seconds = time.monotonic() - begun
        return cell

    def receive(self, channel, request, answers):
        """Takes a message, which may be for an earlier cell."""
        message = channel.get_msg(timeout=0)
        if channel is self.client.stdin_channel:
            self.client.input(answers.pop(0) if answers else "")
        elif channel is self.client.shell_channel:
            if message["parent_header"].get("msg_id") == request:
                self.cells[request].reply = message["content"]
        elif cell := self.cells.get(message["parent_header"].get("msg_id")):
            cell.take(message)

    def wait_for_silence(self):
        """Takes what comes late."""
        end = time.monotonic() + CELL
        while time.monotonic() < end:
            try:
                message = self.client.get_iopub_msg(timeout=SILENCE)
            except queue.Empty:
                return
            if cell := self.cells.get(message["parent_header"].get("msg_id")):
                cell.take(message)
