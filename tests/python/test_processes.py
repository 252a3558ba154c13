"""notebooks/processes.ipynb: what every code cell has to show.

The cells are named by what their source begins to use, so that text may come and go between them.
"""

import base64
import re
import struct

import pytest

SHOWN = {
    "fn fragile": "0: 0\n1: 1\n2: 4\n3: its worker died of signal 6 (SIGABRT)\n4: 16\n"
    "5: it panicked: I do not like the number 5\n6: 36\n"
    "7: its worker died of signal 11 (SIGSEGV)\n8: 64\n9: 81\n",
    "Queue": "871 takes the most steps: 178\n",
    "pipe": "WOOZLE\nWUZZLE\nthe other end is closed\n",
    "dies_with_the_lock": "the process ended by signal 9 (SIGKILL)\n"
    "the process that held the lock has died: what it protects may be half done\n"
    "the second time: true\n",
}
# Those that have a test of their own below.
OTHERS = ["mandelbrot", "fn smooth", "Bars"]


def place(notebook, word):
    """The first code cell with this word in its source."""
    cells = notebook.code_cells().items()
    return next(place for place, cell in cells if word in cell.source)


@pytest.mark.parametrize("word", SHOWN)
def test_a_cell_shows_the_point(processes, word):
    assert "".join(processes.lines(place(processes, word))) == SHOWN[word]


def test_no_cell_is_left_out(processes):
    places = [place(processes, word) for word in [*SHOWN, *OTHERS]]
    assert sorted(places) == list(processes.code_cells())


def test_the_picture_is_drawn_by_all_rows(processes):
    printed, picture = processes.cells[place(processes, "mandelbrot")].outputs
    share = float(re.fullmatch(r"(\d+\.\d) % of the picture are in the set\n", printed.text).group(1))
    # The set's area is 1.507 in a picture of 7.0, and 50 steps leave some of its surroundings in.
    assert 21.5 < share < 26
    png = base64.b64decode(picture.data["image/png"])
    assert struct.unpack(">II", png[16:24]) == (480, 240)


def test_each_way_of_smoothing_has_its_time(processes):
    lines = processes.lines(place(processes, "fn smooth"))
    rows = [re.fullmatch(r"(\w[\w ]*?) +(\d+\.\d) ms\n", line).groups() for line in lines]
    assert [name for name, _ in rows] == ["one thread", "threads", "rayon", "processes"]
    assert all(float(time) > 0 for _, time in rows)


def test_the_plot_has_a_bar_for_each(processes):
    (output,) = processes.cells[place(processes, "Bars")].outputs
    svg = output.data["image/svg+xml"]
    svg = svg if isinstance(svg, str) else "".join(svg)
    assert svg.count("<rect") == 4 and "processes" in svg
