"""Notebooks in a kernel that is restarted again and again: what comes from the cache is what came from rustc."""

import os
import re

import nbformat
import pytest
from jupyter_client import KernelManager

from conftest import NOTEBOOKS

pytestmark = pytest.mark.restarts

# Fifty in all; the first notebook sleeps for half a minute in each run.
RESTARTS = {"threading": 2, "synchronisation": 16, "processes": 16, "display": 16}

COMPILES = "rustc compiles"


@pytest.mark.parametrize(("name", "restarts"), RESTARTS.items())
def test_a_restarted_notebook_prints_the_same_and_compiles_nothing(name, restarts, tmp_path):
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    log = tmp_path / "kernel.log"
    environment = {**os.environ, "WOOZLE_LOG": "woozle_kernel::compiler=debug"}
    manager = KernelManager(kernel_name="woozle")
    with log.open("wb") as said:
        manager.start_kernel(cwd=NOTEBOOKS, env=environment, stderr=said)
        try:
            outputs(manager, [""])  # the runtime may have to be built, which is told
            manager.restart_kernel()
            first = outputs(manager, cells)
            for n in range(restarts):
                compiled = log.read_text().count(COMPILES)
                manager.restart_kernel()
                assert outputs(manager, cells) == first, f"after {n + 1} restarts"
                assert log.read_text().count(COMPILES) == compiled, f"after {n + 1} restarts"
        finally:
            manager.shutdown_kernel()


def outputs(manager, cells):
    """What each cell has put out, as far as it is the same in each run."""
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=600)
    seen = []
    for source in cells:
        parts = []
        client.execute_interactive(
            source, output_hook=lambda message: parts.append(message), allow_stdin=False,
            stop_on_error=False, timeout=600,
        )
        seen.append(constant(parts))
    client.stop_channels()
    return seen


def constant(messages):
    """The words that it prints, in no order: threads take turns as they like, also within a line; times and addresses differ."""
    text, mimes = [], set()
    for message in messages:
        content = message["content"]
        match message["msg_type"]:
            case "stream":
                text.append(content["text"])
            case "execute_result" | "display_data" | "update_display_data":
                mimes.update(content["data"])
            case "error":
                text.append(f" {content['ename']} ")
    return sorted(set(re.findall(r"[^\W\d]+", "".join(text)))), sorted(mimes)
