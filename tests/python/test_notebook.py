"""notebooks/threading.ipynb, run by each front end: what every code cell has to show.

The cells are named by their places in the notebook, text cells included.
"""

import re
from collections import Counter

import pytest

TICKS = ["Tick\n", "Tock\n"]
WAITING = "Waiting for thread to finish...\n"


def test_every_cell_was_run_in_order(executed):
    cells = executed.code_cells()
    assert list(cells) == [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23]
    counts = [cell.execution_count for cell in cells.values()]
    assert counts == list(range(1, len(cells) + 1))


def test_the_language_is_rust(executed):
    language = executed.metadata.language_info
    assert language.name == "rust"
    assert language.file_extension == ".rs"


def test_cell_1_waits_for_a_thread(executed):
    lines = executed.lines(1)
    assert [line for line in lines if line != WAITING] == TICKS * 4 + ["Finished!\n"]
    last = max(place for place, line in enumerate(lines) if line == "Tock\n")
    assert WAITING in lines[lines.index("Tick\n"):last], "waiting and thread take turns"


def test_cell_3_joins_a_thread(executed):
    lines = executed.lines(3)
    assert lines[-1] == "Finished!\n"
    assert lines.index("Joining thread ...\n") < 2
    assert [line for line in lines[:-1] if line in TICKS] == TICKS * 3
    assert len(lines) == 8


def test_cell_5_runs_a_type_of_its_own(executed):
    assert executed.lines(5) == TICKS * 3 + ["Done\n"]


def test_cell_7_shows_nothing(executed):
    assert executed.cells[7].outputs == []


def test_cell_9_has_all_that_its_threads_print(executed):
    text = "".join(executed.lines(9))
    # Whole pieces, however the threads take turns.
    pieces = re.findall(r"\d Woozle |Wuzzle\n", text)
    assert "".join(pieces) == text
    expected = {f"{n} Woozle ": 5 for n in range(5)} | {"Wuzzle\n": 25}
    assert Counter(pieces) == expected


def test_cell_11_has_whole_lines_and_the_threads_take_turns(executed):
    assert executed.lines(11) == [f"{n} Woozle Wuzzle\n" for n in range(5) for _ in range(5)]


def test_cell_13_has_no_method_inside_another(executed):
    lines = executed.lines(13)
    pairs = list(zip(lines[::2], lines[1::2]))
    calls = [(f"safe_func{n} start\n", f"safe_func{n} end\n") for n in (1, 2)]
    assert Counter(pairs) == {call: 4 for call in calls}


def test_cell_15_waits_for_the_event(executed):
    begin, result, end = executed.lines(15)
    assert (begin, end) == ("Processing data ...\n", "Processing finished!\n")
    mean = float(re.fullmatch(r"Result: (\S+)\n", result).group(1))
    assert 1 <= mean <= 100


SECONDS = r"(\d+\.\d\d) seconds\n"


def test_cell_17_maps_a_function_over_files(executed):
    first, *lines, last = executed.lines(17)
    assert first == "Crunching images...\n"
    found = [re.fullmatch(r"(\d\d)\.nii\.gz : (\d+)\n", line).groups() for line in lines]
    assert sorted(int(number) for number, _ in found) == list(range(20))
    results = [int(result) for _, result in found]
    assert all(1 <= result < 100 for result in results)
    assert len(set(results)) > 1, "each worker draws its own numbers"
    # Two rounds of two seconds.
    assert 4 <= float(re.fullmatch(f"Total execution time: {SECONDS}", last).group(1)) < 6


def test_cell_19_maps_a_function_of_two_arguments(executed):
    first, *lines, last = executed.lines(19)
    assert first == "Crunching images...\n"
    found = [re.fullmatch(r"(t[12])_(\d\d)\.nii\.gz :  (\d+)\n", line).groups() for line in lines]
    expected = {(modality, f"{n:02}") for modality in ("t1", "t2") for n in range(10)}
    assert {(modality, number) for modality, number, _ in found} == expected and len(found) == 20
    for modality, _, result in found:
        assert int(result) in (range(1, 100) if modality == "t1" else range(100, 200))
    assert 4 <= float(re.fullmatch(f"Total execution time: {SECONDS}", last).group(1)) < 6


def test_cell_21_runs_jobs_that_build_on_each_other(executed):
    running, linear, nonlinear, title, *rows = executed.lines(21)
    assert running == "Running structural-to-standard registration on 20 subjects...\n"
    linear = re.fullmatch(f"Linear registrations completed in {SECONDS}", linear)
    assert 2 <= float(linear.group(1)) < 3
    nonlinear = re.fullmatch(f"Non-linear registrations completed in {SECONDS}", nonlinear)
    assert 6 <= float(nonlinear.group(1)) < 7
    assert title == "Non-linear registrations:\n"
    rows = [re.fullmatch(r"(\d\d)_t1\.nii\.gz : (\d+)\n", row).groups() for row in rows]
    assert [int(number) for number, _ in rows] == list(range(20)), "in order"
    assert all(1 <= int(warp) < 100 for _, warp in rows)


def test_cell_23_measures_threads(executed):
    cores, _, *rows = executed.lines(23)
    assert int(re.fullmatch(r"cores: (\d+)\n", cores).group(1)) >= 1
    rows = [row.split() for row in rows]
    assert [threads for threads, *_ in rows] == ["1", "2", "4"]
    assert len({steps for _, steps, *_ in rows}) == 1
    assert all(float(seconds) > 0 for *_, seconds, _ in rows)
    assert float(rows[0][-1]) == 1


@pytest.mark.browser
@pytest.mark.parametrize("executed", ["jupyterlab"], indirect=True)
def test_the_page_shows_what_is_saved(executed):
    cells = executed.code_cells()
    assert list(executed.seen) == list(cells)
    for place, seen in executed.seen.items():
        assert seen["prompt"] == f"[{cells[place].execution_count}]:", place
        assert seen["errors"] == 0, place
        saved = "".join(output.text for output in cells[place].outputs)
        assert seen["text"].split() == saved.split(), place
