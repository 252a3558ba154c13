"""Dask's side. `serve`: starts a cluster and prints its address. An address and a divisor of counts: prints a name and
nanoseconds for each measurement."""

import sys
import time
import warnings

from distributed import Client, LocalCluster

try:
    import numpy
except ImportError:
    numpy = None


def same(value):
    return value


def serve():
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()


def say(name, begin, n=1):
    print(name, (time.perf_counter() - begin) / n * 1e9)


def measure(address, divisor):
    warnings.filterwarnings("ignore")
    client = Client(address)
    client.gather(client.map(same, range(10), pure=False))

    n = max(1, 50 // divisor)
    begin = time.perf_counter()
    for _ in range(n):
        client.submit(same, 1, pure=False).result()
    say("one", begin, n)

    begin = time.perf_counter()
    client.gather(client.map(same, range(max(1, 1000 // divisor)), pure=False))
    say("burst", begin)

    n = max(1, 12_500_000 // divisor)
    array = numpy.ones(n) if numpy else bytearray(8 * n)
    begin = time.perf_counter()
    future = client.scatter(array, direct=True, hash=False)
    client.submit(same, future, pure=False).result()
    say("array", begin)
    client.close()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve()
    else:
        measure(sys.argv[1], int(sys.argv[2]))
