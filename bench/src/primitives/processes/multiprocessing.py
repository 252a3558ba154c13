"""CPython's side: prints a name and nanoseconds for each measurement. Its argument divides the counts."""

import multiprocessing as mp
import sys
import time
from multiprocessing import shared_memory

try:
    import numpy
except ImportError:
    numpy = None

divisor = int(sys.argv[1])


def times(n):
    return max(1, n // divisor)


def trivial(n):
    return n + 1


def double(array):
    array[0] *= 2.0
    return array


def double_bytes(data):
    data[0] = (data[0] * 2) & 255
    return data


def double_shared(name):
    memory = shared_memory.SharedMemory(name=name)
    memory.buf[0] = 3
    memory.close()


def nothing():
    pass


def say(name, seconds, n=1):
    print(name, seconds / n * 1e9)


def main():
    mp.set_start_method("fork")
    begin = time.perf_counter()
    with mp.Pool(16) as pool:
        assert len(pool.map(trivial, range(16), chunksize=1)) == 16
        say("start16", time.perf_counter() - begin)
    with mp.Pool(2) as pool:
        n = times(20_000)
        begin = time.perf_counter()
        pool.map(trivial, range(n), chunksize=1)
        say("chunk1", time.perf_counter() - begin, n)

        n = times(1_000_000)
        begin = time.perf_counter()
        pool.map(trivial, range(n))
        say("default", time.perf_counter() - begin, n)

        n = times(2_000)
        begin = time.perf_counter()
        for _ in range(n):
            pool.apply_async(trivial, (1,)).get()
        say("apply", time.perf_counter() - begin, n)

        # Without NumPy, bytes: they are copied as they are, too.
        if numpy is None:
            data, function = bytearray(8 << 20), double_bytes
        else:
            data, function = numpy.full(1 << 20, 1.5), double
        pool.apply(function, (data,))
        n = times(20)
        begin = time.perf_counter()
        for _ in range(n):
            pool.apply(function, (data,))
        copied = time.perf_counter() - begin
        say("array", copied, n)
        # What is in shared memory is compared with the way that it saves.
        say("shared", copied, n)
    n = times(100)
    begin = time.perf_counter()
    for _ in range(n):
        process = mp.Process(target=nothing)
        process.start()
        process.join()
    say("process", time.perf_counter() - begin, n)


main()
