"""loky's side: prints a name and nanoseconds for each measurement. Its argument divides the counts."""

import sys
import time

import loky

try:
    import numpy
except ImportError:
    numpy = None

divisor = int(sys.argv[1])


def times(n):
    return max(1, n // divisor)


def say(name, seconds, n=1):
    print(name, seconds / n * 1e9)


def trivial(n):
    return n + 1


def double(array):
    array[0] *= 2.0
    return array


def double_bytes(data):
    data[0] = (data[0] * 2) & 255
    return data


def main():
    begin = time.perf_counter()
    executor = loky.ProcessPoolExecutor(max_workers=16)
    assert len(list(executor.map(trivial, range(16)))) == 16
    say("start16", time.perf_counter() - begin)
    executor.shutdown()

    executor = loky.ProcessPoolExecutor(max_workers=2)
    n = times(2_000)
    begin = time.perf_counter()
    list(executor.map(trivial, range(n)))
    say("chunk1", time.perf_counter() - begin, n)

    n = times(1_000)
    begin = time.perf_counter()
    for _ in range(n):
        executor.submit(trivial, 1).result()
    say("apply", time.perf_counter() - begin, n)

    if numpy is None:
        data, function = bytearray(8 << 20), double_bytes
    else:
        data, function = numpy.full(1 << 20, 1.5), double
    executor.submit(function, data).result()
    n = times(20)
    begin = time.perf_counter()
    for _ in range(n):
        executor.submit(function, data).result()
    say("array", time.perf_counter() - begin, n)
    executor.shutdown()


main()
