"""What runs within Dask's scheduler and workers: libraries by their content, and processes that call functions of cells.

It is sent as source, and its module's name carries its hash, so that several versions of Woozle can use one cluster.
"""

import collections
import fcntl
import hashlib
import json
import mmap
import os
import pickle
import platform
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import zlib

from distributed import get_worker
from distributed.diagnostics.plugin import SchedulerPlugin, WorkerPlugin
from distributed.protocol import dask_deserialize, dask_serialize
from distributed.utils import sync

# What is read from a process at once, and so the longest piece of its output but for a single longer one.
PIECE = 1 << 15


class Bytes:
    """Bytes that travel as a buffer of their own, within a graph of tasks and as a result: they are copied into no pickle."""

    def __init__(self, data):
        self.data = data

    def __len__(self):
        return memoryview(self.data).nbytes

    __sizeof__ = __len__  # what Dask counts

    def __reduce_ex__(self, protocol):
        return Bytes, (pickle.PickleBuffer(self.data) if protocol >= 5 else bytes(self.data),)


@dask_serialize.register(Bytes)
def _(value):
    return {}, [memoryview(value.data).cast("B")]


@dask_deserialize.register(Bytes)
def _(header, frames):
    return Bytes(frames[0] if len(frames) == 1 else b"".join(frames))


def wrapped(data):
    """Many bytes as a buffer of their own."""
    return Bytes(data) if len(data) > 1 << 16 else bytes(data)


def plain(data):
    return data.data if isinstance(data, Bytes) else data


class Refused(Exception):
    """This machine cannot run the functions."""


class Died(Exception):
    """The process that ran the task has ended."""


class Frames:
    """A socket to a process of Woozle's. A frame is the lengths of its head and of its bytes, the head as JSON, the bytes. Many
    bytes are in memory whose descriptor comes with the head, which the highest bit of the first length says."""

    SHARED, LONG = 1 << 31, 1 << 20

    def __init__(self, connection):
        self.socket, self.buffer, self.at = connection, bytearray(), 0
        self.descriptors = collections.deque()

    def fill(self):
        """Reads what is there; false at the end."""
        del self.buffer[: self.at]
        self.at = 0
        data, descriptors, _, _ = socket.recv_fds(self.socket, PIECE, 16)
        self.descriptors.extend(descriptors)
        self.buffer += data
        return bool(data)

    def read(self):
        """The next frame; none at the end."""
        while len(self.buffer) - self.at < 12:
            if not self.fill():
                return None
        head, length = struct.unpack_from("<IQ", self.buffer, self.at)
        self.at += 12
        is_shared, head = head & self.SHARED, head & ~self.SHARED
        size = head + (0 if is_shared else length)
        while len(self.buffer) - self.at < size:
            if not self.fill():
                return None
        head, data = self.take(head), b""
        if is_shared:
            descriptor = self.descriptors.popleft()
            data = memoryview(mmap.mmap(descriptor, length, mmap.MAP_SHARED | getattr(mmap, "MAP_POPULATE", 0), mmap.PROT_READ))
            os.close(descriptor)
        elif length:
            data = self.take(length)
        return head, data

    def take(self, length):
        self.at += length
        return bytes(memoryview(self.buffer)[self.at - length : self.at])

    def is_more(self):
        """Whether there is more that has been read."""
        return len(self.buffer) > self.at

    def send(self, head, data=b""):
        head = json.dumps(head).encode()
        if len(data) < self.LONG:
            self.socket.sendall(struct.pack("<IQ", len(head), len(data)) + head + bytes(data))
            return
        memory = os.memfd_create("woozle-bytes", os.MFD_CLOEXEC)
        try:
            data, written = memoryview(data).cast("B"), 0
            while written < len(data):
                written += os.pwrite(memory, data[written:], written)
            start = struct.pack("<IQ", len(head) | self.SHARED, len(data)) + head
            sent = socket.send_fds(self.socket, [start], [memory])
            self.socket.sendall(start[sent:])
        finally:
            os.close(memory)


class Store(SchedulerPlugin):
    """On the scheduler: libraries and lists of them, by the hash of their content; and which sessions there are."""

    idempotent = True

    def __init__(self, name):
        self.name = name

    async def start(self, scheduler):
        self.scheduler, self.blobs, self.sessions = scheduler, {}, {}
        for name in ("have", "put", "get", "session"):
            scheduler.handlers[f"{self.name}-{name}"] = getattr(self, name)

    async def have(self, hashes):
        return [digest in self.blobs for digest in hashes]

    async def put(self, digest, data):
        self.blobs[digest] = data  # packed: the scheduler does not look into it

    async def get(self, digest):
        return self.blobs.get(digest)

    async def session(self, client, session):
        self.sessions[client] = session

    def remove_client(self, scheduler, client):
        """Dask's word that a client is gone, also if it was killed."""
        session = self.sessions.pop(client, None)
        if session:
            message = {"op": f"{self.name}-end", "session": session}
            scheduler.loop.add_callback(scheduler.broadcast, msg=message, on_error="ignore")


def unpack(digest, packed, name):
    if packed is None:
        raise Refused(f"the scheduler does not have {name}: has it been started anew? Connect again")
    data = zlib.decompress(plain(packed))
    if hashlib.sha256(data).hexdigest() != digest:
        raise Refused(f"{name} has arrived damaged")
    return data


class Folder:
    """A session's libraries on this machine: links to a store that all workers of one user share."""

    def __init__(self, worker, session):
        base = os.path.join(os.path.dirname(worker.local_directory), f"woozle-{os.getuid()}")
        self.store, self.lock, self.there = os.path.join(base, "store"), threading.Lock(), {}
        os.makedirs(self.store, 0o700, exist_ok=True)
        if os.stat(base).st_uid != os.getuid():
            raise Refused(f"{base} belongs to another user")
        self.path = tempfile.mkdtemp(prefix=f"{session}-", dir=base)

    def ensure(self, plugin, libraries):
        """Sees to it that these are there; false if another one of the same name is."""
        with self.lock:
            if any(self.there.get(name, digest) != digest for name, digest in libraries):
                return False
            for name, digest in libraries:
                if name not in self.there:
                    blob = os.path.join(self.store, digest)
                    if not os.path.exists(blob):
                        self.fetch(plugin, name, digest, blob)
                    os.link(blob, os.path.join(self.path, name))
                    self.there[name] = digest
        return True

    def fetch(self, plugin, name, digest, blob):
        with open(os.path.join(self.store, "lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # one worker of a machine fetches it
            if os.path.exists(blob):
                return
            data = unpack(digest, plugin.get(digest), name)
            descriptor, temporary = tempfile.mkstemp(dir=self.store)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(data)
                os.chmod(temporary, 0o700)
                os.rename(temporary, blob)
            except OSError:
                os.unlink(temporary)
                raise


class Process:
    """A `woozle-host` that runs tasks, one at a time. It ends with the thread that has started it."""

    def __init__(self, plugin, session, folder):
        self.worker, self.session, self.folder, self.gone = plugin.worker, session, folder, threading.Event()
        self.functions, self.shared, self.initialized, self.dead = set(), set(), set(), None
        self.answer, self.answered = None, threading.Semaphore(0)
        ours, theirs = socket.socketpair()
        self.frames = Frames(ours)
        env = dict(os.environ, LD_LIBRARY_PATH=folder.path)
        env.setdefault("RAYON_NUM_THREADS", "1")  # as Dask's OMP_NUM_THREADS: each of its threads has such a process
        self.child = subprocess.Popen(
            [os.path.join(folder.path, "woozle-host"), "--worker", folder.path, str(limit(self.worker))],
            stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env,
            cwd=self.worker.local_directory, start_new_session=True,
        )
        theirs.close()
        threading.Thread(target=self.listen, daemon=True, name="woozle-listener").start()

    def listen(self):
        """Reads what the process says. What it printed before a result goes out before that."""
        events = bytearray()
        try:
            while found := self.frames.read():
                head, data = found
                if not head:
                    events += data
                if head or not self.frames.is_more():
                    self.publish(events)
                    events.clear()
                if head:
                    self.answer = data
                    self.answered.release()
        except OSError:
            pass
        self.publish(events)
        self.frames.socket.close()
        self.dead = self.child.wait()
        self.gone.set()
        self.answered.release()

    def publish(self, events):
        if events:
            self.worker.log_event(self.session, {"woozle": bytes(events)})

    def call(self, head, data):
        """Sends a frame and waits for the answer."""
        try:
            self.frames.send(head, data)
        except OSError:
            pass  # it has ended, which the listener sees
        self.answered.acquire()
        if self.dead is not None:
            raise self.death()
        return self.answer

    def tell(self, head, data):
        """As `call`, of what the answer says that it could not be done."""
        answer = self.call(head, data)
        if answer[0] != 0:
            raise Refused(f"on {socket.gethostname()}: {bytes(answer[9:]).decode(errors='replace')}")

    def death(self):
        said = self.child.stderr.read(4000).decode(errors="replace").strip()
        if any(word in said for word in ("GLIBC_", "cannot open shared object", "cannot execute")):
            return Refused(f"on {socket.gethostname()}: {said}")
        how = {"pid": self.child.pid, "code": self.dead, "worker": self.worker.address}
        return Died(json.dumps(how))

    def kill(self):
        try:
            os.killpg(self.child.pid, signal.SIGKILL)
        except OSError:
            pass


def limit(worker):
    """How many bytes a process may allocate: Dask's nanny measures its worker's own process alone."""
    limit = getattr(worker.memory_manager, "memory_limit", None)
    return int(limit * 0.9 / worker.state.nthreads) if limit else 0


class Plugin(WorkerPlugin):
    """The processes on a worker of Dask's."""

    def __init__(self, name, store):
        self.name, self.store = name, store

    def setup(self, worker):
        self.worker, self.lock, self.own = worker, threading.Lock(), threading.local()
        self.lists, self.folders, self.running, self.processes = {}, {}, {}, []
        worker.handlers[f"{self.store}-end"] = self.end

    async def end(self, session):
        """A session is over: its processes go, and its libraries, but for what is in the store."""
        for process in self.processes:
            if process.session == session:
                process.kill()
        for folder in self.folders.pop(session, []):
            shutil.rmtree(folder.path, ignore_errors=True)

    def teardown(self, worker):
        for process in self.processes:
            process.kill()
        for session in list(self.folders):
            for folder in self.folders.pop(session):
                shutil.rmtree(folder.path, ignore_errors=True)

    def transition(self, key, start, finish, **kwargs):
        """Dask's word that nobody wants a running task any more."""
        if start == "executing" and finish == "cancelled":
            process = self.running.get(key)
            if process:
                process.kill()

    def get(self, digest):
        scheduler = self.worker.scheduler
        return sync(self.worker.loop, getattr(scheduler, f"{self.store}-get"), digest=digest)

    def list_of(self, digest):
        """A list of libraries, and what else belongs to it."""
        found = self.lists.get(digest)
        if found is None:
            found = self.lists[digest] = json.loads(unpack(digest, self.get(digest), "the list of libraries"))
        return found

    def process(self, session, base):
        """The process of the current thread for a session."""
        mine = self.own.__dict__.setdefault("processes", {})
        process = mine.get(session)
        if process is None or process.dead is not None:
            needs = self.list_of(base)
            if needs["machine"] != platform.machine():
                raise Refused(f"{socket.gethostname()} has {platform.machine()} processors, and the session runs on {needs['machine']}")
            with self.lock:
                folders = self.folders.setdefault(session, [])
                if not folders:
                    folders.append(Folder(self.worker, session))
                folder = folders[-1]
            folder.ensure(self, needs["libraries"])
            process = mine[session] = Process(self, session, folder)
            with self.lock:
                self.processes = [other for other in self.processes if other.dead is None] + [process]
        return process

    def prepared(self, session, base, functions):
        """The process of the current thread for a session, which knows these functions."""
        while True:
            process = self.process(session, base)
            if all(self.define(process, *function) for function in functions):
                return process
            # Another library of the same name is there: the session has gone back and on.
            process.kill()
            process.gone.wait()
            with self.lock:
                folders = self.folders[session]
                if folders[-1] is process.folder:
                    folders.append(Folder(self.worker, session))

    def define(self, process, number, digest):
        """Sees to it that the process knows a function; false if it cannot."""
        if number not in process.functions:
            function = self.list_of(digest)
            if not process.folder.ensure(self, function["libraries"]):
                return False
            process.tell({"op": "define", "function": number}, bytes.fromhex(function["entry"]))
            process.functions.add(number)
        return True


ADDING = threading.Lock()


def plugin_of(worker):
    """The plugin, which this adds itself: a worker that starts again would unpickle it before this file is there."""
    name = __name__ + "-processes"
    with ADDING:
        plugin = worker.plugins.get(name)
        if plugin is None:
            plugin = Plugin(name, __name__)
            sync(worker.loop, worker.plugin_add, plugin=plugin, name=name, catch_errors=False)
    return plugin


def keep(data):
    """A value that tasks share, as a task: if the worker that has it dies, Dask makes it again."""
    return data


def run(session, base, function, head, data, initializer=None, **shared):
    """A task: the bytes of its answer; or a pair of what went wrong and what is known of it, which Dask does not try again."""
    worker = get_worker()
    plugin = plugin_of(worker)
    key = worker.get_current_task()
    try:
        functions = [function, initializer[1]] if initializer else [function]
        process = plugin.prepared(session, base, functions)
        plugin.running[key] = process
        for name, value in shared.items():
            if name not in process.shared:
                process.tell({"op": "share", "number": int(name[1:])}, plain(value))
                process.shared.add(name)
        if initializer and initializer[0] not in process.initialized:
            answer = process.call(*initializer[2:])
            if answer[0] != 0:
                return "initializer", bytes(answer)
            process.initialized.add(initializer[0])
        answer = process.call(head, plain(data))
    except Died as death:
        return "died", str(death)
    except Refused as reason:
        return "refused", str(reason)
    except OSError as error:
        return "refused", f"on {socket.gethostname()}: {error}"
    finally:
        plugin.running.pop(key, None)
    return wrapped(answer)
