"""notebooks/cluster.ipynb: on the local cluster that it starts, and on three machines without Rust."""

import re
import sys

import pytest

from conftest import run
from dask_cluster import Dask, Network


@pytest.fixture(scope="module", params=["woozle-run", "nbconvert"])
def cells(request, tmp_path_factory):
    """What each code cell printed, by its name; by nbconvert on workers that are there, each with a network and a file system
    of its own where the system allows that."""
    folder = tmp_path_factory.mktemp(request.param)
    with pytest.MonkeyPatch.context() as environment:
        # Where the notebook looks for Dask without an address, as in an environment that is active.
        environment.setenv("VIRTUAL_ENV", sys.prefix)
        dask, network = None, Network()
        if request.param == "nbconvert":
            dask = Dask(folder, network=network if network.start() else None)
            for _ in range(3):
                dask.worker()
            environment.setenv("DASK_SCHEDULER_ADDRESS", dask.address)
        try:
            executed = run(request.param, "cluster.ipynb", folder)
        finally:
            if dask:
                dask.end()
            network.end()
    return {
        cell.id: "".join(output.get("text", "") for output in cell.outputs)
        for cell in executed.cells if cell.cell_type == "code"
    }


def test_all_cells_print_what_they_say(cells):
    assert cells["connect"] == "3 workers\n"
    lines = cells["map"].splitlines()
    assert lines[0] == "Crunching images..."
    assert sorted(line.split(" : ")[0] for line in lines[1:-1]) == [f"{n:02}.nii.gz" for n in range(20)]
    assert re.fullmatch(r"20 results in \d\.\d\d seconds", lines[-1])
    assert cells["registrations"].splitlines()[-1] == str([4.0] * 10)
    assert cells["share"] == "4999950000\n"
    assert "70210" in cells["imap"].splitlines()


def test_a_machine_that_dies_costs_nothing(cells):
    assert cells["death"] == "50 results, with the sum 1225\n"


def test_failures_are_told(cells):
    panic, crashed, right = cells["crash"].splitlines()
    assert re.match(r"the task panicked at cell \[\d+\]:2:5: attempt to divide by zero \(in worker process \d+ on ", panic)
    assert (crashed, right) == ("true", "42")
    assert cells["travel"].startswith("the arguments cannot be sent to a worker: ")
