"""What the tests share: the program, and the notebooks as each front end has run them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from jupyterlab_page import run_in_jupyterlab

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"


def woozle():
    """The program under test; tests/run sets its path."""
    return os.environ["WOOZLE"]


def command(*arguments, cwd):
    """Runs a command that has to succeed."""
    done = subprocess.run(arguments, cwd=cwd, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def nbconvert(folder, name):
    command(
        sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute",
        "--ExecutePreprocessor.kernel_name=woozle", "--output", "out.ipynb", name,
        cwd=folder,
    )


def papermill(folder, name):
    command(
        sys.executable, "-m", "papermill", "--kernel", "woozle", "--no-progress-bar",
        name, "out.ipynb",
        cwd=folder,
    )


def woozle_run(folder, name):
    command(woozle(), "run", name, "--output", "out.ipynb", cwd=folder)


FRONT_ENDS = {"nbconvert": nbconvert, "papermill": papermill, "woozle-run": woozle_run}


def run(front_end, name, folder):
    """A notebook with its outputs; in `seen`, what the page shows, if there is one."""
    shutil.copy(NOTEBOOKS / name, folder)
    seen = None
    if front_end == "jupyterlab":
        seen = run_in_jupyterlab(folder, name)
        (folder / name).rename(folder / "out.ipynb")
    else:
        FRONT_ENDS[front_end](folder, name)
    notebook = nbformat.read(folder / "out.ipynb", as_version=4)
    nbformat.validate(notebook)
    return Executed(notebook, seen)


@pytest.fixture(
    scope="session",
    params=[*FRONT_ENDS, pytest.param("jupyterlab", marks=pytest.mark.browser)],
)
def executed(request, tmp_path_factory):
    """notebooks/threading.ipynb."""
    folder = tmp_path_factory.mktemp(request.param)
    return run(request.param, "threading.ipynb", folder)


@pytest.fixture(scope="session", params=["nbconvert", "woozle-run"])
def tour(request, tmp_path_factory):
    """notebooks/synchronisation.ipynb."""
    folder = tmp_path_factory.mktemp(request.param)
    return run(request.param, "synchronisation.ipynb", folder)


@pytest.fixture(scope="session", params=["nbconvert", "woozle-run"])
def processes(request, tmp_path_factory):
    """notebooks/processes.ipynb."""
    folder = tmp_path_factory.mktemp(request.param)
    return run(request.param, "processes.ipynb", folder)


@pytest.fixture(scope="session", params=["nbconvert", "woozle-run"])
def seeing(request, tmp_path_factory):
    """notebooks/seeing.ipynb."""
    folder = tmp_path_factory.mktemp(request.param)
    return run(request.param, "seeing.ipynb", folder)


class Executed:
    def __init__(self, notebook, seen):
        self.cells = notebook.cells
        self.metadata = notebook.metadata
        self.seen = seen

    def code_cells(self):
        return {place: cell for place, cell in enumerate(self.cells) if cell.cell_type == "code"}

    def lines(self, place):
        """The lines that a cell printed; it must have no other output than that."""
        outputs = self.cells[place].outputs
        assert {(o.output_type, o.get("name")) for o in outputs} <= {("stream", "stdout")}, outputs
        return "".join(o.text for o in outputs).splitlines(keepends=True)
