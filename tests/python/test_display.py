"""What a notebook keeps of what moved while it ran."""

import nbformat
import pytest

from conftest import FRONT_ENDS

CELLS = [
    "()",  # says it if the runtime has to be built first
    "use woozle::progress::ProgressIterator;\nuse std::{thread::sleep, time::Duration};\n"
    "let total: u64 = (0..40u64).progress().inspect(|_| sleep(Duration::from_millis(10))).sum();\n"
    "total",
    "use woozle::display::{Html, Text, display};\nlet shown = display(&Text::new(\"begun\"));",
    "shown.update(&Html::new(\"<b>ended</b>\"));",
]


@pytest.fixture(scope="module", params=FRONT_ENDS)
def cells(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in CELLS],
        metadata={"kernelspec": {"name": "woozle", "display_name": "Rust", "language": "rust"}},
    )
    nbformat.write(notebook, folder / "in.ipynb")
    FRONT_ENDS[request.param](folder, "in.ipynb")
    return nbformat.read(folder / "out.ipynb", as_version=4).cells


def test_of_a_progress_bar_its_end_is_kept(cells):
    bar, result = cells[1].outputs
    assert bar.output_type == "display_data"
    assert bar.data["text/plain"].startswith("100%|█") and "| 40/40 [" in bar.data["text/plain"]
    assert result.data["text/plain"] == "780"


def test_a_later_cell_changes_what_an_earlier_one_shows(cells):
    (shown,) = cells[2].outputs
    assert shown.data == {"text/plain": "ended", "text/html": "<b>ended</b>"}
    assert cells[3].outputs == []
