"""Between a session and a Dask cluster. Its standard input is a socket: frames with a head in JSON, both ways."""

import sys

sys.path[:] = [path for path in sys.path if path]  # nothing from the working directory is run

import asyncio
import collections
import hashlib
import importlib.util
import json
import logging
import os
import platform
import queue
import socket
import struct
import threading
import types
import uuid
import warnings
import zlib

import distributed
from distributed import Client, LocalCluster
from distributed.diagnostics.plugin import SchedulerUploadFile, UploadFile
from distributed.protocol import to_serialize
from distributed.scheduler import KilledWorker
from distributed.security import Security

# How often it looks whether there are more workers, or fewer.
LOOK = 0.5
# How long one of its threads may keep the others waiting: much less than Python's 5 ms, since each task passes three of them.
SWITCH = 0.0002


def module_of(source):
    """The module that runs on the cluster, under a name of its content."""
    name = "woozle_" + hashlib.sha256(source).hexdigest()[:16]
    module = types.ModuleType(name)
    sys.modules[name] = module  # so that its functions are pickled by their names
    exec(compile(source, name + ".py", "exec"), module.__dict__)
    return module


def upload(plugin, module, source):
    """Dask's plugin that uploads a file, for a source that is in no file."""
    made = plugin.__new__(plugin)
    made.filename, made.data, made.load = module.__name__ + ".py", source, True
    return made


class Unusable(Exception):
    """The cluster cannot be used: a kind and a text."""


class Sidecar:
    def __init__(self, connection, source):
        self.module, self.source = module_of(source), source
        self.link, self.loop = self.module.Frames(connection), asyncio.get_running_loop()
        self.out, self.frames, self.came = queue.SimpleQueue(), collections.deque(), asyncio.Event()
        self.flushed, self.over = threading.Event(), asyncio.Event()
        self.client = self.cluster = None
        self.functions, self.shared, self.futures, self.numbers = {}, {}, {}, {}
        self.tasks, self.batch = [], asyncio.Event()
        self.ready, self.any_ready = [], asyncio.Event()
        self.hashes, self.said = {}, None

    # The socket has two threads: asyncio's streams take ten times as long for long payloads.

    def send(self, data=b"", **head):
        self.out.put((head, data))

    def write(self):
        while (item := self.out.get()) is not None:
            try:
                self.link.send(*item)
            except OSError:
                break
        self.flushed.set()

    def read(self):
        try:
            while found := self.link.read():
                head, data = found
                self.frames.append((json.loads(head), data))
                self.loop.call_soon_threadsafe(self.came.set)
        except (OSError, ValueError):
            pass
        self.frames.append(None)
        self.loop.call_soon_threadsafe(self.came.set)

    async def serve(self):
        for target in (self.read, self.write):
            threading.Thread(target=target, daemon=True).start()
        loops = [asyncio.ensure_future(loop) for loop in (self.submit(), self.collect(), self.over.wait())]
        while True:
            while not self.frames:
                self.came.clear()
                came = asyncio.ensure_future(self.came.wait())
                await asyncio.wait([came, *loops], return_when=asyncio.FIRST_COMPLETED)
                came.cancel()
                for loop in loops:
                    if loop.done():
                        loop.result()  # what it failed with
                        return
            item = self.frames.popleft()
            if item is None:
                return
            head, data = item
            await getattr(self, "on_" + head["op"])(head, data)

    # What the session asks for.

    async def on_connect(self, head, data):
        try:
            await self.connect(head)
        except Unusable as reason:
            return self.send(op="failed", kind=reason.args[0], text=reason.args[1])
        except Exception as error:
            text = " ".join(str(error).split()) or type(error).__name__
            return self.send(op="failed", kind="connect", text=text)
        self.send(op="connected", dashboard=self.client.dashboard_link or "", address=self.client.scheduler.address,
                  version=distributed.__version__)
        asyncio.ensure_future(self.look())

    async def connect(self, head):
        security = None
        if head["tls"]:
            ca, cert, key = head["tls"]
            for path in head["tls"]:
                with open(path, "rb"):
                    pass
            security = Security(tls_ca_file=ca, tls_client_cert=cert, tls_client_key=key, require_encryption=True)
        address = head["address"]
        if head["local"]:
            self.cluster = address = await LocalCluster(
                n_workers=head["local"], threads_per_worker=1, host="127.0.0.1", asynchronous=True,
                dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL)
        self.client = await Client(address, asynchronous=True, security=security, name="woozle", timeout=10)
        await self.check_versions()
        name = self.module.__name__
        await self.client.register_plugin(upload(SchedulerUploadFile, self.module, self.source), name=name + "-source")
        await self.client.register_plugin(upload(UploadFile, self.module, self.source), name=name)
        await self.client.register_plugin(self.module.Store(name))
        # Dask forgets what was logged under a client's name together with the client.
        self.session = self.client.id
        await self.ask("session", client=self.client.id, session=self.session)
        self.client.subscribe_topic(self.session, self.on_event)
        self.base = await self.ship(head["libraries"], machine=platform.machine())

    async def check_versions(self):
        """Dask's parts understand each other only if they are of one version, and so does pickle."""
        own = {"distributed": distributed.__version__, "python": platform.python_version()}
        versions = await self.client.get_versions()
        others = {"the scheduler": versions["scheduler"], **versions["workers"]}
        for who, theirs in others.items():
            packages = {"distributed": theirs["packages"]["distributed"], "python": dict(theirs["host"])["python"].split(".final")[0]}
            for package, version in packages.items():
                mine, other = own[package], version or "unknown"
                if package == "python":
                    mine, other = (".".join(text.split(".")[:2]) for text in (mine, other))
                if mine != other:
                    raise Unusable("versions", f"{package} is {other} on {who}, and {mine} here ({sys.executable})")

    def ask(self, operation, **arguments):
        return getattr(self.client.scheduler, f"{self.module.__name__}-{operation}")(**arguments)

    async def on_function(self, head, data):
        shipped = self.ship(head["libraries"], entry=bytes(data).hex())
        self.functions[head["function"]] = (head["name"], asyncio.ensure_future(shipped))

    async def on_share(self, head, data):
        number = head["number"]
        # A task that gives it: if the worker that has it dies, the scheduler has it made again.
        self.shared[number] = self.client.submit(
            self.module.keep, self.module.Bytes(data), key=f"shared-{number}-{uuid.uuid4().hex[:8]}", pure=False)

    async def on_forget(self, head, data):
        self.shared.pop(head["number"], None)

    async def on_task(self, head, data):
        self.tasks.append((head, data))
        self.batch.set()

    async def on_cancel(self, head, data):
        unwanted = set(head["tasks"])
        known = [task for task in head["tasks"] if task in self.futures]
        futures = [self.futures.pop(task) for task in known]
        waiting = [task["id"] for task, _ in self.tasks if task["id"] in unwanted]
        self.tasks = [item for item in self.tasks if item[0]["id"] not in unwanted]
        for task in known + waiting:
            self.send(op="done", id=task, outcome="cancelled", text="")
        if futures:
            await self.client.cancel(futures, force=True)

    # Libraries.

    def hash(self, path):
        """The hash of a file, which is read anew if it has changed."""
        status = os.stat(path)
        key = (path, status.st_mtime_ns, status.st_size, status.st_ino)
        if key not in self.hashes:
            with open(path, "rb") as file:
                self.hashes[key] = hashlib.sha256(file.read()).hexdigest()
        return self.hashes[key]

    async def ship(self, paths, **more):
        """Gives the scheduler what it lacks of these, and their list; gives the hash of that."""
        libraries = [(os.path.basename(path), await asyncio.to_thread(self.hash, path)) for path in paths]
        have = await self.ask("have", hashes=[digest for _, digest in libraries])
        for path, (_, digest), has in zip(paths, libraries, have):
            if not has:
                await self.put(digest, await asyncio.to_thread(pack, path))
        text = json.dumps({"libraries": libraries, **more}).encode()
        digest = hashlib.sha256(text).hexdigest()
        await self.put(digest, zlib.compress(text, 1))
        return digest

    def put(self, digest, packed):
        return self.ask("put", digest=digest, data=to_serialize(self.module.Bytes(packed)))

    # Tasks, and their results.

    async def submit(self):
        while True:
            await self.batch.wait()
            self.batch.clear()
            tasks, self.tasks = self.tasks, []
            groups = {}
            for head, data in tasks:
                key = (head["function"], tuple(head["shared"]), head["priority"], json.dumps(head["initializer"]))
                groups.setdefault(key, []).append((head, data))
            for (function, shared, priority, _), group in groups.items():
                try:
                    await self.submit_group(function, shared, priority, group)
                except Exception as error:
                    for head, _ in group:
                        self.send(op="done", id=head["id"], outcome="refused", text=f"{type(error).__name__}: {error}")

    async def submit_group(self, function, shared, priority, group):
        name, shipped = self.functions[function]
        digest, run = await shipped, group[0][0]["initializer"]
        initializer = None
        if run:
            number = run["function"]
            initializer = (run["pool"], (number, await self.functions[number][1]), run["head"], bytes.fromhex(run["data"]))
        more = {f"s{number}": self.shared[number] for number in shared}
        token = uuid.uuid4().hex[:8]
        futures = self.client.map(
            self.module.run,
            [self.session] * len(group), [self.base] * len(group), [(function, digest)] * len(group),
            [head["head"] for head, _ in group], [self.module.wrapped(data) for _, data in group],
            initializer=initializer, key=[(f"{name}-{token}", head["id"]) for head, _ in group],
            pure=False, priority=priority, **more)
        for (head, _), future in zip(group, futures):
            self.futures[head["id"]] = future
            asyncio.ensure_future(self.watch(head["id"], future))

    async def watch(self, task, future):
        await future._state.wait()
        self.ready.append((task, future))
        self.any_ready.set()

    async def collect(self):
        while True:
            await self.any_ready.wait()
            self.any_ready.clear()
            ready, self.ready = self.ready, []
            there = []
            for task, future in ready:
                if task not in self.futures:
                    continue  # cancelled by us
                if future.status == "finished":
                    there.append((task, future))
                elif future.status == "error":
                    self.failed(task, await future.exception())
                else:
                    self.over.set()  # Dask cancels all of a client's tasks when the scheduler is gone
                    return
            if there:
                asyncio.ensure_future(self.fetch(there))

    async def fetch(self, there):
        try:
            values = await self.client.gather([future for _, future in there], errors="raise")
        except Exception as error:
            for task, _ in there:
                self.failed(task, error)
            return
        for (task, _), value in zip(there, values):
            if self.futures.pop(task, None) is None:
                continue
            if isinstance(value, tuple):
                outcome, told = value
                data, text = (told, "") if isinstance(told, bytes) else (b"", told)
                self.send(data, op="done", id=task, outcome=outcome, text=text)
            else:
                self.send(self.module.plain(value), op="done", id=task, outcome="done", text="")

    def failed(self, task, error):
        if self.futures.pop(task, None) is not None:
            outcome = "machine" if isinstance(error, KilledWorker) else "refused"
            self.send(op="done", id=task, outcome=outcome, text=f"{type(error).__name__}: {error}")

    # What the session is told.

    async def on_event(self, event):
        _, message = event
        if isinstance(message, dict) and "woozle" in message:
            self.send(message["woozle"], op="events")

    async def look(self):
        """Tells how many workers there are, whenever that changes."""
        while not self.over.is_set():
            try:
                info = await self.client.scheduler.identity(n_workers=0)
            except (OSError, distributed.comm.CommClosedError):
                self.over.set()
                return
            now = (info["n_workers"], info["total_threads"])
            if now != self.said:
                self.said = now
                self.send(op="workers", workers=now[0], threads=now[1])
            await asyncio.sleep(LOOK)

    async def end(self):
        self.out.put(None)
        await asyncio.to_thread(self.flushed.wait, 5)
        self.link.socket.close()
        if self.client:
            await self.client.close()
        if self.cluster:
            await self.cluster.close()


def pack(path):
    with open(path, "rb") as file:
        return zlib.compress(file.read(), 1)


async def main():
    connection = socket.socket(fileno=os.dup(0))
    length = struct.unpack("<I", connection.recv(4, socket.MSG_WAITALL))[0]
    sidecar = Sidecar(connection, connection.recv(length, socket.MSG_WAITALL))
    try:
        await sidecar.serve()
    finally:
        await sidecar.end()


if __name__ == "__main__":
    sys.setswitchinterval(SWITCH)
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore")
    asyncio.run(main())
