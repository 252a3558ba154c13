"""Pools on a real Dask: a scheduler, and workers as processes that see no Rust."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest
from jupyter_client.manager import start_new_kernel

from conftest import woozle
from dask_cluster import Dask, own_view, worker_processes

USE = """use woozle::multiprocessing::cluster::{Cluster, Shared};
use woozle::multiprocessing::PoolError;
use std::time::{Duration, Instant};
"""


class Session:
    """A kernel with its cells."""

    def __init__(self):
        self.manager, self.client = start_new_kernel(kernel_name="woozle", startup_timeout=300)

    def send(self, code):
        return self.client.execute(code)

    def outputs(self, request, until=None):
        """What a cell prints, and its error, until it is done or has printed this."""
        printed, failed = "", None
        while True:
            message = self.client.get_iopub_msg(timeout=120)
            if message["parent_header"].get("msg_id") != request:
                continue
            content = message["content"]
            if message["msg_type"] == "stream":
                printed += content["text"]
                if until and until in printed:
                    return printed, failed
            elif message["msg_type"] == "error":
                failed = "\n".join(content["traceback"])
            elif message["msg_type"] == "status" and content["execution_state"] == "idle":
                return printed, failed

    def run(self, code):
        printed, failed = self.outputs(self.send(code))
        assert failed is None, failed
        return printed

    def fails(self, code):
        _, failed = self.outputs(self.send(code))
        assert failed, "it has not failed"
        return re.sub(r"\x1b\[[0-9;]*m", "", failed)

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture
def session():
    session = Session()
    yield session
    session.end()


@pytest.fixture
def dask(tmp_path):
    dask = Dask(tmp_path)
    yield dask
    dask.end()


def connect(dask, workers, session):
    for _ in range(workers):
        dask.worker()
    session.run(USE + f"""let cluster = Cluster::connect("{dask.address}")?;
assert!(cluster.wait_for_workers({workers}, Duration::from_secs(60)));
let pool = cluster.pool();""")


def test_the_verbs_and_what_goes_there(dask, session):
    connect(dask, 3, session)
    printed = session.run("""fn square(n: u64) -> u64 { n * n }
println!("{:?}", cluster.status().workers);
println!("{:?}", pool.map(square, 0..10)?);
println!("{:?}", pool.starmap(|a: u32, b: u32| a * b, [(1, 2), (3, 4)])?);
println!("{:?}", pool.apply(|a: f64| a / 2.0, (1.0,))?);
println!("{:?}", pool.imap(|n: u32| n * 2, 0..).take(5).collect::<Result<Vec<_>, _>>()?);
let mut any: Vec<u32> = pool.imap_unordered(|n: u32| n, 0..20).collect::<Result<_, _>>()?;
any.sort();
println!("{:?}", any == (0..20).collect::<Vec<_>>());
println!("{:?}", pool.chunksize(7)?.map(square, 0..100)?.iter().sum::<u64>());
println!("{:?}", pool.priority(5).map(square, 1..3)?);
println!("{:?}", pool.map(square, Vec::new())?);
println!("{:?}", pool.executor().submit(|n: u32| n + 1, (1,)).result()?);
fn generic(workers: &impl woozle::multiprocessing::Workers) -> Result<Vec<u32>, PoolError> { workers.map(|n| n + 1, 0..3) }
println!("{:?}", generic(&pool)?);""")
    assert printed.splitlines() == [
        "3", "[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]", "[2, 12]", "0.5", "[0, 2, 4, 6, 8]", "true", "328350", "[1, 4]", "[]",
        "2", "[1, 2, 3]"]
    # A later version of a function, statics of its cell, a type of an earlier one, a shared value, an initializer.
    printed = session.run("""use serde::{Serialize, Deserialize};
#[derive(Serialize, Deserialize, Debug)] struct Pot { honey: f64 }
fn square(n: u64) -> u64 { n * n + 1 }""") + session.run("""use std::sync::atomic::{AtomicU32, Ordering};
static OFFSET: AtomicU32 = AtomicU32::new(0);
fn fill(pot: Pot, table: Shared<Vec<f64>>) -> Pot { Pot { honey: pot.honey + table.iter().sum::<f64>() } }
println!("{:?}", pool.map(square, 0..3)?);
let table = cluster.share(&vec![0.5; 1000])?;
println!("{:?} {}", table, table[999]);
println!("{:?}", pool.starmap(fill, (0..3).map(|n| (Pot { honey: n as f64 }, table.clone())))?);
let offset = pool.initializer(|n: u32| OFFSET.store(n, Ordering::Relaxed), (10,))?;
println!("{:?}", offset.map(|n: u32| n + OFFSET.load(Ordering::Relaxed), 0..9)?);""")
    assert printed.splitlines() == [
        "[1, 2, 5]", "<Shared of 8008 bytes> 0.5",
        "[Pot { honey: 500.0 }, Pot { honey: 501.0 }, Pot { honey: 502.0 }]",
        "[10, 11, 12, 13, 14, 15, 16, 17, 18]"]


def test_failures_of_tasks_are_told_once_and_cost_no_other_task(dask, session):
    connect(dask, 2, session)
    printed = session.run("""fn tell<T: std::fmt::Debug>(what: Result<T, PoolError>) { println!("{what:?}") }
tell(pool.apply(|a: u32, b: u32| a / b, (1, 0)));
tell(pool.apply(|code: i32| { if code > 0 { std::process::exit(code) } }, (3,)));
tell(pool.apply(|at: usize| unsafe { *(at as *const u8) }, (8,)));
tell(pool.apply(|| woozle::multiprocessing::Event::new().unwrap(), ()));
tell(pool.map(|lock: woozle::multiprocessing::Lock| lock.acquire().is_ok(), [woozle::multiprocessing::Lock::new()?]));
tell(pool.initializer(|_: u32| panic!("no honey"), (1,))?.map(|n: u32| n, 0..3));
tell(pool.map(|n: u32| n + 1, 0..5));""").splitlines()
    assert printed[0].startswith("Err(the task panicked at cell ["), printed
    assert "attempt to divide by zero (in worker process" in printed[0]
    assert re.match(r"Err\(the worker process \d+ on tcp://.* died while it ran the task: exit code 3\)", printed[2])
    assert "died while it ran the task: signal 11 (SIGSEGV)" in printed[3]
    assert "result cannot be sent back" in printed[4] and "cluster.share(&value)" in printed[4]
    assert "arguments cannot be sent" in printed[5] and "pass an ndarray" in printed[5]
    assert "the initializer of the pool failed: the task panicked" in printed[6] and "no honey" in printed[6]
    assert printed[-1] == "Ok([1, 2, 3, 4, 5])"


def test_output_comes_while_a_task_runs_and_none_is_lost(dask, session):
    connect(dask, 2, session)
    request = session.send("""pool.apply(|| { println!("begun"); std::thread::sleep(Duration::from_secs(600)) }, ())?;""")
    printed, _ = session.outputs(request, until="begun")
    assert printed == "begun\n"
    # The interrupt ends the task, which does nothing but sleep, and its process is another one's.
    session.manager.interrupt_kernel()
    _, failed = session.outputs(request)
    assert "KeyboardInterrupt" in failed
    printed = session.run("""fn lines(n: u32) { for i in 0..n { println!("line {i}") } eprintln!("done"); unsafe { libc::puts(c"from C".as_ptr()); } }
pool.apply(lines, (100_000,))?;""".replace("unsafe { libc::puts(c\"from C\".as_ptr()); }", 'std::process::Command::new("echo").arg("from a child").status().unwrap();'))
    lines = [line for line in printed.splitlines() if line.startswith("line ")]
    assert lines == [f"line {n}" for n in range(100_000)]
    assert "from a child" in printed and "done" in printed


def test_no_scheduler_and_wrong_keys_are_clear_errors(tmp_path, session):
    certificates = make_certificates(tmp_path)
    (tmp_path / "tls").mkdir()
    (tmp_path / "plain").mkdir()
    tls = Dask(tmp_path / "tls", tls=certificates["right"].options())
    plain = Dask(tmp_path / "plain")
    try:
        tls.worker()
        right, wrong = certificates["right"].rust(), certificates["wrong"].rust()
        printed = session.run(USE + f"""
let cluster = Cluster::builder("{tls.address}").tls({right}).connect()?;
assert!(cluster.wait_for_workers(1, Duration::from_secs(60)));
println!("{{:?}}", cluster.pool().map(|n: u32| n + 1, 0..3)?);
let attempts = [
    Cluster::builder("tcp://127.0.0.1:1"),
    Cluster::builder("{tls.address}").tls({wrong}),
    Cluster::builder("{tls.address}"),
    Cluster::builder("{plain.address.replace("tcp", "tls")}").tls({right}),
    Cluster::builder("{tls.address}").tls("no", "such", "file"),
    Cluster::builder("{plain.address}").python("/no/such/python"),
    Cluster::builder("nonsense"),
];
let attempts = attempts.map(|attempt| std::thread::spawn(move || attempt.connect().map(|_| ())));
for attempt in attempts {{ println!("{{:?}}", attempt.join().unwrap()); }}
println!("{{:?}}", Cluster::local(0).map(|_| ()));""").splitlines()
    finally:
        tls.end()
        plain.end()
    assert printed[0] == "[1, 2, 3]"
    for line in printed[1:6] + printed[7:8]:
        assert line.startswith("Err(there is no connection to the scheduler at "), line
    assert "127.0.0.1:1: Timed out" in printed[1]
    assert "No such file" in printed[5]
    assert "/no/such/python" in printed[6]
    assert printed[8] == "Err(the number of workers must be at least 1)"


class Certificate:
    def __init__(self, *files):
        self.files = files

    def options(self):
        return [word for name, file in zip(("ca-file", "cert", "key"), self.files) for word in (f"--tls-{name}", str(file))]

    def rust(self):
        return ", ".join(f'"{file}"' for file in self.files)


def make_certificates(folder):
    """Two that sign themselves, so that neither trusts the other one."""
    import datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    made = {}
    for name in ("right", "wrong"):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.timezone.utc)
        certificate = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256()))
        cert, private = folder / f"{name}.pem", folder / f"{name}.key"
        cert.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        private.write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        made[name] = Certificate(cert, cert, private)
    return made


def test_other_versions_are_refused_with_both_numbers(tmp_path, session):
    pretend = ["from distributed import versions", "versions._version_cached = lambda package: '2020.1.0'"]
    dask = Dask(tmp_path, scheduler=pretend)
    try:
        failed = session.fails(USE + f'let cluster = Cluster::connect("{dask.address}")?;')
    finally:
        dask.end()
    assert "distributed is 2020.1.0 on the scheduler, and 2026" in failed, failed
    assert "python(" in failed


def test_a_call_without_workers_says_so_and_goes_on_when_one_joins(dask, session):
    connect(dask, 0, session)
    request = session.send("println!(\"{:?}\", pool.map(|n: u32| n + 1, 0..3)?);")
    printed, _ = session.outputs(request, until="has no workers")
    dask.worker()
    printed, failed = session.outputs(request)
    assert failed is None and printed.endswith("[1, 2, 3]\n"), (printed, failed)


def test_machines_that_cannot_run_it_are_named(dask, session):
    connect(dask, 0, session)
    dask.worker("import platform", "platform.machine = lambda: 'riscv64'", nanny=False)
    failed = session.fails("pool.map(|n: u32| n, 0..3)?;")
    assert "the cluster cannot run the function" in failed and "has riscv64 processors" in failed, failed


def test_a_full_disk_and_too_much_memory_are_told(tmp_path, session):
    folder = tmp_path / "probe"
    folder.mkdir()
    assert own_view(folder, "1m"), "this system allows no file system of one's own; the test needs one"
    dask = Dask(tmp_path)
    try:
        connect(dask, 0, session)
        small = dask.worker(size="1m")
        failed = session.fails("pool.apply(|n: u32| n, (1,))?;")
        assert "No space left on device" in failed, failed
        dask.kill(small)
        dask.worker(memory="600MB")
        failed = session.fails("pool.apply(|n: usize| vec![1_u8; n].len(), (2 << 30,))?;")
        assert "died while it ran the task: signal 6 (SIGABRT)" in failed, failed
        assert session.run('println!("{}", pool.apply(|n: u32| n, (1,))?);') == "1\n"
    finally:
        dask.end()


def test_machines_die_and_join_and_the_sums_are_right(dask, session):
    connect(dask, 3, session)
    request = session.send("""fn work(n: u64) -> u64 { std::thread::sleep(Duration::from_millis(2)); n }
println!("begun");
let results: Vec<_> = (0..2_000).map(|n: u64| pool.apply_async(work, (n,))).collect();
let spread = pool.map_async(work, 0..8_000);
let mut sum = 0;
for (i, result) in results.iter().enumerate() { sum += result.get()?; if i == 300 { println!("under way") } }
println!("{} {}", sum, spread.get()?.iter().sum::<u64>());""")
    session.outputs(request, until="under way")
    dask.kill(dask.workers[0])
    dask.worker()
    dask.kill(dask.workers[1])
    dask.worker()
    printed, failed = session.outputs(request)
    assert failed is None, failed
    assert printed.splitlines()[-1] == f"{sum(range(2_000))} {sum(range(8_000))}"


def test_a_task_that_takes_every_machine_along_is_given_up(dask, session):
    connect(dask, 4, session)
    failed = session.fails("""fn fatal(_: u32) { let nanny_worker = std::os::unix::process::parent_id();
    std::process::Command::new("kill").args(["-9", &nanny_worker.to_string()]).status().unwrap();
    std::thread::sleep(Duration::from_secs(60)) }
pool.apply(fatal, (1,))?;""")
    assert "the task was given up, since one machine after another died" in failed, failed


def test_a_scheduler_that_goes_fails_what_is_pending_and_another_one_is_found(dask, session):
    connect(dask, 1, session)
    request = session.send("""let pending = pool.apply_async(|| { println!("begun"); std::thread::sleep(Duration::from_secs(600)) }, ());
println!("{:?}", pending.get());""")
    session.outputs(request, until="begun")
    dask.kill(dask.scheduler)
    printed, failed = session.outputs(request)
    assert failed is None and "Err(the cluster is lost: the scheduler is gone" in printed, (printed, failed)
    dask.kill(dask.workers[0])
    dask.start_scheduler(int(dask.address.rsplit(":", 1)[1]))
    dask.worker()
    assert session.run('println!("{:?}", pool.map(|n: u32| n + 1, 0..2)?);').endswith("[1, 2]\n")


def test_a_session_that_goes_back_abandons_what_it_asked_for(dask, session):
    connect(dask, 2, session)
    host = int(session.run("""let table = cluster.share(&vec![1.0_f64; 10])?;
pool.map(|n: u32| n, 0..4)?;
println!("{}", std::process::id());"""))
    request = session.send("""let pending = pool.apply_async(|| { println!("begun"); std::thread::sleep(Duration::from_secs(600)) }, ());
std::thread::sleep(Duration::from_secs(600));""")
    session.outputs(request, until="begun")
    # The host dies, and the session goes on from before the cell.
    os.kill(host, signal.SIGSEGV)
    _, failed = session.outputs(request)
    assert failed, "it has not failed"
    printed = session.run("""println!("{:?}", pool.map(|n: u32| n + 1, 0..3)?);
println!("{:?}", pool.apply(|t: Shared<Vec<f64>>| t.iter().sum::<f64>(), (table.clone(),))?);""")
    assert printed.splitlines()[-2:] == ["[1, 2, 3]", "10.0"]


def test_what_a_session_has_started_goes_with_it_also_when_it_is_killed(dask):
    session = Session()
    connect(dask, 2, session)
    session.run("pool.map(|n: u32| { std::thread::sleep(Duration::from_millis(50)); n }, 0..8)?;")
    own = worker_processes()
    assert len(own) >= 2
    folders = list(dask.folder.glob("worker-*/woozle-*/*-*"))
    os.kill(session.manager.provisioner.pid, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while set(own) & set(worker_processes()) or any(folder.exists() for folder in folders):
        assert time.monotonic() < deadline, "they are still there"
    session.client.stop_channels()


def test_woozle_cluster_says_how_to_use_it_and_ends_with_a_signal(session):
    started = subprocess.Popen(
        [woozle(), "cluster", "--workers", "2", "--port", "0", "--python", sys.executable],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        said = ""
        while "dashboard:" not in said:
            line = started.stdout.readline()
            assert line, started.stderr.read()
            said += line
        assert said.startswith("2 workers run on this machine, until Ctrl-C.")
        line = re.search(r"let cluster = .*", said)[0]
        printed = session.run(f"use woozle::multiprocessing::cluster::Cluster;\n{line}\n"
                              'println!("{:?}", cluster.pool().map(|n: u64| n * n, 0..4)?);')
        assert printed.endswith("[0, 1, 4, 9]\n")
    finally:
        started.send_signal(signal.SIGTERM)
        assert started.wait(timeout=60) == 0


def test_woozle_cluster_without_dask_says_what_to_do(tmp_path):
    empty = tmp_path / "python"
    empty.write_text("#!/bin/sh\nexit 1\n")
    empty.chmod(0o755)
    done = subprocess.run([woozle(), "cluster", "--python", str(empty)], capture_output=True, text=True)
    assert done.returncode == 4
    assert "help: pip install distributed" in done.stderr
