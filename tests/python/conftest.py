"""What the tests share: the program, and the notebook as each front end has run it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from jupyterlab_page import run_in_jupyterlab

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "notebooks" / "threading.ipynb"


def woozle():
    """The program under test; tests/run sets its path."""
    return os.environ["WOOZLE"]


def command(*arguments, cwd):
    """Runs a command that has to succeed."""
    done = subprocess.run(arguments, cwd=cwd, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def nbconvert(folder):
    command(
        sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute",
        "--ExecutePreprocessor.kernel_name=woozle", "--output", "out.ipynb", "threading.ipynb",
        cwd=folder,
    )


def papermill(folder):
    command(
        sys.executable, "-m", "papermill", "--kernel", "woozle", "--no-progress-bar",
        "threading.ipynb", "out.ipynb",
        cwd=folder,
    )


def woozle_run(folder):
    command(woozle(), "run", "threading.ipynb", "--output", "out.ipynb", cwd=folder)


FRONT_ENDS = {"nbconvert": nbconvert, "papermill": papermill, "woozle-run": woozle_run}


@pytest.fixture(
    scope="session",
    params=[*FRONT_ENDS, pytest.param("jupyterlab", marks=pytest.mark.browser)],
)
def executed(request, tmp_path_factory):
    """The notebook with its outputs; in `seen`, what the page shows, if there is one."""
    folder = tmp_path_factory.mktemp(request.param)
    shutil.copy(NOTEBOOK, folder)
    seen = None
    if request.param == "jupyterlab":
        seen = run_in_jupyterlab(folder, "threading.ipynb")
        (folder / "threading.ipynb").rename(folder / "out.ipynb")
    else:
        FRONT_ENDS[request.param](folder)
    notebook = nbformat.read(folder / "out.ipynb", as_version=4)
    nbformat.validate(notebook)
    return Executed(notebook, seen)


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
