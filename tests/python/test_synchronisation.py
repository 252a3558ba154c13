"""notebooks/synchronisation.ipynb: what every code cell has to show.

The cells are named by what their source begins to use, so that text may come and go between them.
"""

import re

import pytest

SHOWN = {
    "COUNTER_LOCK": "without the lock, some are lost: true\nwith the lock: 40 of 40\n",
    "BATONS": "".join(f"lap {lap}: runner {n}\n" for lap in (1, 2) for n in range(3)),
    "BANK": "[70, 130]\n"
    "a Lock, taken again by its thread: false\n"
    "an RLock: true\n"
    "an RLock, released by who does not hold it: "
    "cannot release an RLock that this thread has not acquired\n",
    "SLOTS": "8 downloads, at most 2 at a time\n",
    "static GUN": "before the gun: 0 run, gun fired: false\n",
    "GUN.set()": "Roo ran\nTigger ran\nRabbit ran\nafter the gun: 3 run\n",
    "CHANGED": f"{list(range(1, 21))}\nnever more than 3 at once: true\n",
    "ROOM_CHANGED": "the readers met inside, five times\nreaders beside the writer: Some(0)\n",
    "RODS": "one thread: 57.565\ntwo threads, the same: true\nthree threads, the same: true\n",
    "meeting": "the barrier is broken: a thread timed out before all parties had come\n"
    "broken: true\nafter reset: false\n",
    "left_then_right": "0 of 5 can eat\n",
    "fn dine": "meals: [10, 10, 10, 10, 10]\n",
    "Timer": "a quick task is done\na slow task takes too long!\na slow task is done\n",
    "Local": "a walker's steps: 1\na walker's steps: 2\na walker's steps: 3\nours: 1000\n",
    "ORDERS": "sum of all orders: 5050\n"
    "one more: the queue has been shut down and takes no more items\n",
    "LifoQueue": 'off the pile: ["Owl", "Piglet", "Eeyore"]\n'
    'in the waiting room: [(1, "Piglet"), (2, "Owl"), (3, "Eeyore")]\n',
    "thread_name_prefix": "10! = 3628800\nin order: [30, 10, 20]\n",
    "ComputePool": "primes below a million: 78498\n",
}
# Those that have a test of their own below.
OTHERS = ["TOKENS", "spilt", "Pooh"]


def place(tour, word):
    """The first code cell with this word in its source."""
    return next(place for place, cell in tour.code_cells().items() if word in cell.source)


@pytest.mark.parametrize("word", SHOWN)
def test_a_cell_shows_the_point(tour, word):
    assert "".join(tour.lines(place(tour, word))) == SHOWN[word]


def test_no_cell_is_left_out(tour):
    places = [place(tour, word) for word in [*SHOWN, *OTHERS]]
    assert sorted(places) == list(tour.code_cells())


def test_after_a_burst_the_tokens_set_the_rate(tour):
    refused, *requests = tour.lines(place(tour, "TOKENS"))
    assert "released too many times: it began with 3 permits" in refused
    form = r"request (\d) after (\d+\.\d) s\n"
    rows = [re.fullmatch(form, line).groups() for line in requests]
    assert [int(number) for number, _ in rows] == [1, 2, 3, 4, 5, 6]
    times = [float(time) for _, time in rows]
    # Three tokens more, 100 ms apart, cannot be there sooner; later they may be.
    assert times == sorted(times)
    assert times[-1] >= 0.3


def test_tasks_fail_are_cancelled_and_print_where_they_were_submitted(tour):
    panic, cancelled, *rest = tour.lines(place(tour, "spilt"))
    form = r"the task failed: bees_\d panicked at cell \[\d+\]:\d+:\d+: out of honey\n"
    assert re.fullmatch(form, panic)
    assert cancelled == "cancelled: true\n"
    tasks, rest = rest[:3], rest[3:]
    assert sorted(tasks) == [f"task {n}, of this cell\n" for n in range(3)]
    assert rest == ["done: 3, not done: 0\n", "sum of squares: 30\n"]


def test_an_error_that_ends_a_cell_reads_well(tour):
    cell = tour.cells[place(tour, "Pooh")]
    report, error = cell.outputs
    here = f"cell [{cell.execution_count}]"
    what = f"panicked at {here}:3:9: index out of bounds: the len is 0 but the index is 0"
    assert (report.name, report.text) == ("stderr", f"Exception in thread Pooh:\n{what}\n")
    assert (error.output_type, error.ename) == ("error", "ThreadError")
    assert error.evalue == f"Pooh {what}"
