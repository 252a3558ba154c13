"""JupyterLab in Chromium, used as by a person: complete, inspect, interrupt, restart, widgets, progress, variables.

The tests share one page, and each has cells of its own. Pictures of what was seen are left in a folder that is printed.
"""

import tempfile
from pathlib import Path

import nbformat
import pytest

from jupyterlab_page import Page, server

pytestmark = pytest.mark.browser

CELLS = {
    "begin": "let honey = vec![1, 2, 3];\nstatic POTS: std::sync::Mutex<u32> = std::sync::Mutex::new(0);\n"
    'println!("begun");',
    "complete": "",
    "inspect": "",
    "endless": 'println!("runs");\nloop { std::thread::yield_now(); }',
    "after": 'println!("{honey:?}");',
    "slider": "use woozle::widgets::{HBox, IntSlider, Label};\n"
    "let slider = IntSlider::new(0..=100).with_value(20);\nlet label = Label::new(\"not moved\");\n"
    "slider.on_change({\n    let label = label.clone();\n    move |n| {\n        label.set_value(format!(\"at {n}\"));\n"
    '        println!("moved to {n}");\n    }\n});\nHBox::new(&[&slider, &label])',
    "read": "slider.value()",
    "interact": "use woozle::widgets::interact;\nlet pots = IntSlider::new(1..=9);\n"
    'interact(pots, |n| println!("{}", "honey ".repeat(n as usize).trim_end()))',
    "filling": "use woozle::widgets::{IntProgress, Button};\nlet bar = IntProgress::new(100);\n"
    'let go = Button::new("Go on");\nlet event = woozle::threading::Event::new();\n'
    "go.on_click({ let event = event.clone(); move || event.set() });\n"
    "woozle::display!(bar);\nwoozle::display!(go);\nbar.set_value(50);\nevent.wait();\nbar.set_value(100);\n"
    'println!("filled");',
    "progress": "use woozle::progress::ProgressIterator;\n"
    "for _ in (0..60).progress() { std::thread::sleep(std::time::Duration::from_millis(20)); }\n"
    'println!("walked");',
    "rich": "use woozle::display::{Html, Image, Latex, Markdown, Svg, Table, display};\n"
    'display(&Html::new("<b id=\\"bold\\">bold</b>"));\ndisplay(&Markdown::new("*slowly*"));\n'
    'display(&Latex::new(r"$x^2$"));\n'
    "display(&Svg::new(\"<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'><rect width='40' height='20'/></svg>\"));\n"
    "display(&Image::gray(&ndarray::array![[0.0, 1.0], [1.0, 0.0]])?);\n"
    "display(&Table::matrix(&ndarray::array![[1, 2], [3, 4]]));",
    "variables": "let worker = woozle::threading::Thread::spawn(|| std::thread::park());\n"
    "let pool = woozle::multiprocessing::Pool::new(1)?;",
    "ask": 'let name = woozle::input("Who? ")?;\nprintln!("hello, {name}");',
}
PLACE = {name: place for place, name in enumerate(CELLS)}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("jupyterlab")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in CELLS.values()],
        metadata={"kernelspec": {"name": "woozle", "display_name": "Rust", "language": "rust"}},
    )
    nbformat.write(notebook, folder / "page.ipynb")
    artefacts = Path(tempfile.mkdtemp(prefix="woozle-page-"))
    print(f"screenshots: {artefacts}")
    with server(folder, artefacts / "jupyterlab.log") as url:
        page = Page(url)
        page.artefacts = artefacts
        page.open(notebook="page.ipynb")
        # The first cell may have to wait for the runtime.
        run(page, "begin")
        page.output(cell=PLACE["begin"], text="begun")
        page.kernel(status="idle")
        yield page
        page.close()


def run(page, name):
    page.run(cell=PLACE[name])


def seen(page, name, text):
    return page.output(cell=PLACE[name], text=text)


def picture(page, name):
    page.screenshot(path=str(page.artefacts / f"{name}.png"))


def test_tab_completes_a_variable(page):
    page.type(cell=PLACE["complete"], text="hone")
    page.press(key="Tab")
    page.see(selector=".jp-Completer-item", text="honey")
    picture(page, "complete")
    page.press(key="Enter")
    source = "window.jupyterapp.shell.currentWidget.content.widgets[%d].model.sharedModel.source"
    assert page.until(script=f"{source % PLACE['complete']} === 'honey'")


def test_shift_tab_shows_what_a_name_is(page):
    page.type(cell=PLACE["inspect"], text="honey")
    page.press(key="Shift+Tab")
    assert "Vec<i32>" in page.see(selector=".jp-Tooltip", text="Vec<i32>")
    picture(page, "inspect")
    page.press(key="Escape")


def test_an_interrupt_ends_a_loop_and_keeps_the_variables(page):
    run(page, "endless")
    seen(page, "endless", "runs")
    page.command(id="notebook:interrupt-kernel")
    assert "KeyboardInterrupt" in seen(page, "endless", "KeyboardInterrupt")
    run(page, "after")
    assert seen(page, "after", "[1, 2, 3]")


def test_a_slider_is_moved_by_the_keyboard(page):
    run(page, "slider")
    page.focus(selector=".widget-slider .noUi-handle")
    for _ in range(5):
        page.press(key="ArrowRight")
    assert seen(page, "slider", "at 25")
    # The callback's output stands below the cell that registered it.
    seen(page, "slider", "moved to 25")
    picture(page, "slider")
    run(page, "read")
    assert seen(page, "read", "25")


def test_widgets_are_there_when_the_page_is_loaded_anew(page):
    page.reload()
    page.scroll(cell=PLACE["slider"])
    page.see(selector=".widget-readout", text="25")
    page.focus(selector=".widget-slider .noUi-handle")
    page.press(key="ArrowRight")
    page.see(selector=".widget-label", text="at 26")
    run(page, "read")
    assert seen(page, "read", "26")


def test_what_a_function_prints_is_replaced_when_a_slider_is_moved(page):
    run(page, "interact")
    page.scroll(cell=PLACE["interact"])
    seen(page, "interact", "honey")
    page.focus(selector=".widget-vbox .noUi-handle")
    for _ in range(2):
        page.press(key="ArrowRight")
    text = seen(page, "interact", "honey honey honey")
    assert text.count("honey") == 3, text
    picture(page, "interact")


def test_a_progress_bar_fills_while_the_cell_runs_and_a_button_is_clicked(page):
    run(page, "filling")
    page.style(selector=".progress-bar", property="width", value="50%")
    page.kernel(status="busy")
    picture(page, "filling")
    page.click(selector=".widget-button")
    seen(page, "filling", "filled")
    page.style(selector=".progress-bar", property="width", value="100%")


def test_a_bar_of_text_moves_in_place(page):
    run(page, "progress")
    text = seen(page, "progress", "walked")
    assert text.count("60/60") == 1 and text.count("%|") == 1, text
    picture(page, "progress")


def test_what_is_rich_is_drawn(page):
    run(page, "rich")
    page.kernel(status="idle")
    page.scroll(cell=PLACE["rich"])
    for selector, text in {
        "#bold": "bold",
        ".jp-RenderedMarkdown em": "slowly",
        ".jp-RenderedLatex mjx-container": "",
        ".jp-RenderedSVG": "",
        ".jp-RenderedImage img": "",
        ".jp-RenderedHTML table td": "4",
    }.items():
        page.see(selector=selector, text=text)
    picture(page, "rich")


def test_the_variables_panel_has_names_and_types(page):
    run(page, "variables")
    page.kernel(status="idle")
    page.click(selector=".jp-DebuggerBugButton")
    page.click(selector=".jp-SideBar.jp-mod-right [data-id='jp-debugger-sidebar']")
    panel = page.see(selector=".jp-DebuggerVariables-body", text="worker")
    assert {"honey", "worker", "pool"} <= set(panel.split()) | set(panel.replace(":", " ").split())
    picture(page, "variables")
    page.click(selector=".jp-DebuggerBugButton")


def test_a_cell_asks(page):
    run(page, "ask")
    page.see(selector=".jp-Stdin-prompt", text="Who?")
    page.focus(selector=".jp-Stdin-input")
    page.keys(text="Pooh")
    page.press(key="Enter")
    seen(page, "ask", "hello, Pooh")


def test_a_restart_forgets(page):
    page.restart()
    run(page, "after")
    assert "honey" in seen(page, "after", "E0425")
    run(page, "begin")
    page.kernel(status="idle")
    run(page, "after")
    assert seen(page, "after", "[1, 2, 3]")
