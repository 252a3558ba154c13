"""What nbconvert makes of a notebook: a page, and a script; and what it keeps of notebooks/display.ipynb."""

import html
import re
import sys

import nbformat
import pytest

from conftest import NOTEBOOKS, command, run

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module", params=["nbconvert", "woozle-run"])
def tour(request, tmp_path_factory):
    """notebooks/display.ipynb."""
    return run(request.param, "display.ipynb", tmp_path_factory.mktemp(request.param))


def outputs(tour, word):
    """The outputs of the first code cell with this word in its source."""
    cells = tour.code_cells().values()
    return next(cell.outputs for cell in cells if word in cell.source)


def test_a_table_of_structs(tour):
    (table,) = outputs(tour, "Table::of")
    assert "<th>speed</th>" in table.data["text/html"]
    assert table.data["text/plain"].splitlines()[0].split() == ["name", "tracks", "speed"]


def test_formats_are_shown_in_their_order(tour):
    kinds = [set(output.data) - {"text/plain"} for output in outputs(tour, "Markdown::new")]
    assert kinds == [{"text/markdown"}, {"text/latex"}, {"text/html"}, {"application/json"}]


def test_an_array_is_a_picture(tour):
    (picture,) = outputs(tour, "Image::gray")
    assert picture.data["image/png"].startswith("iVBORw0KGgo")


def test_of_what_changes_the_end_is_kept(tour):
    (shown,) = outputs(tour, "let shown = display")
    assert "has ended" in shown.data["text/html"]


def test_of_progress_the_end_is_kept(tour):
    bar, printed = outputs(tour, "(0..40).progress()")
    assert re.fullmatch(r"100%\|█+\| 40/40 \[\d+s<0s, \d+(\.\d)?/s\]", bar.data["text/plain"])
    assert printed.text == "3120 tracks\n"
    (bars,) = outputs(tour, "let all = bars()")
    lines = bars.data["text/plain"].splitlines()
    assert [line.split()[0] for line in lines] == ["Pooh", "Piglet", "Woozle"]
    assert all(" 40/40 [" in line for line in lines)


def test_widgets_have_a_text(tour):
    (box,) = outputs(tour, "let speed = IntSlider")
    assert box.data["text/plain"] == "HBox(IntSlider, Label)"
    assert set(box.data[VIEW]) == {"version_major", "version_minor", "model_id"}
    printed = [o.text for o in outputs(tour, "let honey = IntProgress") if o.get("name") == "stdout"]
    assert printed == ["200 pots of honey\n"]


@pytest.mark.parametrize("tour", ["nbconvert"], indirect=True)
def test_the_last_state_of_widgets_is_kept(tour):
    (box,) = outputs(tour, "let speed = IntSlider")
    states = tour.metadata.widgets["application/vnd.jupyter.widget-state+json"].state
    first = states[box.data[VIEW].model_id].state.children[0].removeprefix("IPY_MODEL_")
    assert states[first].model_name == "IntSliderModel"
    bars = [state.state for state in states.values() if state.model_name == "IntProgressModel"]
    assert [(bar.value, bar.bar_style) for bar in bars] == [(200, "success")]


def test_a_page_has_colours_errors_and_formulas(tmp_path):
    cells = ['println!("\\x1b[31mred\\x1b[0m & <plain>");', "let n: i32 = \"text\";", "Latex"]
    cells[2] = 'woozle::display::Latex::new("$x^2$")'
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells],
        metadata={
            "kernelspec": {"name": "woozle", "display_name": "Rust", "language": "rust"},
            "language_info": {"name": "rust", "pygments_lexer": "rust"},
        },
    )
    nbformat.write(notebook, tmp_path / "in.ipynb")
    command(
        sys.executable, "-m", "nbconvert", "--to", "html", "--execute", "--allow-errors", "in.ipynb",
        cwd=tmp_path,
    )
    page = (tmp_path / "in.html").read_text()
    assert 'ansi-red-fg">red</span> &amp; &lt;plain&gt;' in page
    text = html.unescape(re.sub("<[^>]*>", "", page))
    assert "mismatched types" in text and "cell [2]:1:14" in text
    assert "$x^2$" in text
    # The cell's source is highlighted as Rust.
    assert re.search(r'<span class="k[a-z]*">let</span>', page)


def test_a_script_is_a_rust_file(tmp_path):
    command(
        sys.executable, "-m", "nbconvert", "--to", "script", "--output-dir", str(tmp_path),
        NOTEBOOKS / "display.ipynb", cwd=tmp_path,
    )
    script = (tmp_path / "display.rs").read_text()
    assert "struct Animal {\n" in script and "let shown = display(" in script
