"""The debugger in JupyterLab, used as by a person: breakpoints, threads, stepping, a deadlock; and the page without LLDB."""

import nbformat
import pytest

from jupyterlab_page import Page, server

pytestmark = pytest.mark.browser

WORK = """fn work(name: &str, n: u64) -> u64 {
    let mut total = 0;
    for i in 0..n {
        total += i * i;
    }
    println!("{name}: {total}");
    total
}"""
CALL = 'let a = std::thread::spawn(|| work("a", 1));\na.join().unwrap() + 7'
LOCKS = """use woozle::threading::{Lock, Thread};
static LEFT: Lock = Lock::new();
static RIGHT: Lock = Lock::new();
static BOTH: std::sync::Barrier = std::sync::Barrier::new(2);
fn eat(first: &Lock, second: &Lock) {
    let one = first.guard();
    BOTH.wait();
    let two = second.guard();
}"""
EAT = """let pooh = Thread::builder().name("pooh").spawn(|| eat(&LEFT, &RIGHT))?;
let piglet = Thread::builder().name("piglet").spawn(|| eat(&RIGHT, &LEFT))?;
pooh.join()?;
piglet.join()?;"""

CALLS = ".jp-DebuggerCallstack-body"
VARIABLES = ".jp-DebuggerVariables-body"
ERRORS = """window.pageErrors = [];
window.addEventListener('unhandledrejection', event => window.pageErrors.push(String(event.reason)));
const told = console.error;
console.error = (...words) => { window.pageErrors.push(words.join(' ')); told(...words); };
0"""


@pytest.fixture
def page(tmp_path, request, monkeypatch):
    """A notebook of these cells, with the debugger on."""
    cells, environment = request.param
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells],
        metadata={"kernelspec": {"name": "woozle", "display_name": "Rust", "language": "rust"}},
    )
    nbformat.write(notebook, tmp_path / "page.ipynb")
    with server(tmp_path, tmp_path / "jupyterlab.log") as url:
        page = Page(url)
        page.open(notebook="page.ipynb")
        page.evaluate(script=ERRORS)
        # The first cell may have to wait for the runtime.
        page.run(cell=0)
        page.until(script="window.jupyterapp.shell.currentWidget.content.widgets[0].model.executionCount === 1")
        page.kernel(status="idle")
        page.click(selector=".jp-DebuggerBugButton")
        page.click(selector=".jp-SideBar.jp-mod-right [data-id='jp-debugger-sidebar']")
        page.see(selector=VARIABLES)
        yield page
        assert page.evaluate(script="window.pageErrors") == []
        page.close()


def click_line(page, line):
    """Clicks left of a line of the first cell."""
    gutter = ".jp-Notebook .jp-Cell:nth-child(1) .cm-breakpoint-gutter"
    page.click(selector=f"{gutter} .cm-gutterElement:nth-child({line + 1})")
    page.see(selector=".jp-DebuggerBreakpoints-body", text=str(line))


@pytest.mark.parametrize("page", [([WORK, CALL], {})], indirect=True)
def test_a_breakpoint_stops_a_thread(page):
    click_line(page, 4)
    page.run(cell=1)
    page.see(selector=CALLS, text="work")
    page.see(selector=VARIABLES, text="u64 = 1")
    page.see(selector=".jp-DebuggerEditor-highlight", text="total += i * i")
    page.command(id="debugger:next")
    page.see(selector=".jp-DebuggerEditor-highlight", text="for i in 0..n")
    page.command(id="debugger:continue")
    page.output(cell=1, text="a: 0")
    page.kernel(status="idle")
    # The cell with another text has a breakpoint of its own.
    page.type(cell=0, text="\n// done")
    page.run(cell=0)
    page.kernel(status="idle")
    click_line(page, 6)
    page.run(cell=1)
    page.see(selector=".jp-DebuggerEditor-highlight", text="println!")
    page.command(id="debugger:continue")
    page.output(cell=1, text="7")


@pytest.mark.parametrize("page", [([LOCKS, EAT, "1 + 1"], {})], indirect=True)
def test_a_deadlock_shows_both_threads(page):
    page.run(cell=0)
    page.kernel(status="idle")
    page.run(cell=1)
    page.output(cell=1, text="cannot go on")
    page.command(id="debugger:continue")  # which is Pause while nothing is stopped
    calls = page.see(selector=CALLS, text="piglet")
    for name in ["pooh", "piglet"]:
        assert f"thread {name} of cell [3], in Lock::guard" in calls
    page.command(id="notebook:interrupt-kernel")
    page.output(cell=1, text="KeyboardInterrupt")
    page.run(cell=2)
    page.output(cell=2, text="2")


@pytest.mark.parametrize("page", [(["let n = 7;", "n + 1"], {"WOOZLE_LLDB_DAP": "/no/such/program"})], indirect=True)
def test_without_lldb_there_are_variables_and_words(page):
    page.see(selector=VARIABLES, text="variables only")
    page.see(selector=VARIABLES, text="i32 = 7")
    page.run(cell=1)
    assert "the debugger is not on" in page.output(cell=1, text="8")
