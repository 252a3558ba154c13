"""The same measurements in CPython: prints, for each, its name and the nanoseconds of one.

The argument divides the number of repetitions.
"""

import queue
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Condition, Event, Lock, RLock, Semaphore, Thread
from time import perf_counter_ns

DIVISOR = int(sys.argv[1])


def times(n):
    return max(n // DIVISOR, 1)


def each(n, body):
    n = times(n)
    begin = perf_counter_ns()
    for _ in range(n):
        body()
    return (perf_counter_ns() - begin) / n


def hundred(lock):
    def body():
        for _ in range(100):
            with lock:
                pass

    return each(2_000, body)


def ping_pong(answer, ask):
    n = times(1_000)
    other = Thread(target=lambda: [answer() for _ in range(n)])
    other.start()
    time = each(1_000, ask)
    other.join()
    return time


def event():
    there, back = Event(), Event()

    def answer():
        there.wait()
        there.clear()
        back.set()

    def ask():
        there.set()
        back.wait()
        back.clear()

    return ping_pong(answer, ask)


def condition():
    cond = Condition(Lock())
    turn = False

    def step(mine):
        nonlocal turn
        with cond:
            cond.wait_for(lambda: turn == mine)
            turn = not mine
            cond.notify()

    return ping_pong(lambda: step(True), lambda: step(False))


def barrier():
    two = Barrier(2)
    n = times(1_000)
    other = Thread(target=lambda: [two.wait() for _ in range(n)])
    begin = perf_counter_ns()
    other.start()
    for _ in range(n):
        two.wait()
    other.join()
    # Of one call, as the other side counts them.
    return (perf_counter_ns() - begin) / (2 * n)


def hand_over():
    items = queue.Queue()
    n = times(20_000)
    begin = perf_counter_ns()
    producer = Thread(target=lambda: [items.put(i) for i in range(n)])
    producer.start()
    for _ in range(n):
        items.get()
    producer.join()
    return (perf_counter_ns() - begin) / n


def thread():
    def body():
        t = Thread(target=int)
        t.start()
        t.join()

    return each(200, body)


def executor():
    with ThreadPoolExecutor(2) as pool:
        return each(1_000, lambda: pool.submit(int).result())


print("lock", hundred(Lock()))
print("rlock", hundred(RLock()))
print("semaphore", hundred(Semaphore(1)))
print("event", event())
print("condition", condition())
print("barrier", barrier())
print("queue", hand_over())
print("thread", thread())
print("executor", executor())
