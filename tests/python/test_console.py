"""jupyter-console: the session of a person at a terminal."""

import os
import sys

import pexpect


def test_a_session_in_the_console():
    console = pexpect.spawn(
        sys.executable,
        [
            "-m", "jupyter_console", "--kernel", "woozle", "--simple-prompt",
            "--ZMQTerminalInteractiveShell.kernel_timeout=900",
        ],
        env={**os.environ, "TERM": "dumb"},
        encoding="utf-8", timeout=900, dimensions=(50, 200),
    )
    console.expect(r"In \[1\]:")
    console.sendline("let honey = 6 * 7;")
    console.expect(r"In \[2\]:")
    console.timeout = 60
    console.sendline("fn double(n: i32) -> i32 { 2 * n }")
    console.expect(r"In \[3\]:")
    console.sendline("double(honey)")
    console.expect(r"Out\[3\]: 84")
    console.expect(r"In \[4\]:")
    console.sendline('woozle::display!(woozle::display::Html::new("<b>bold</b>"));')
    console.expect(r"\nbold")
    console.expect(r"In \[5\]:")
    console.sendline('panic!("out of honey")')
    console.expect("out of honey")
    console.expect(r"In \[6\]:")
    console.sendline('let name = woozle::input("Who? ")?;')
    console.expect(r"Who\? ")
    console.sendline("Pooh")
    console.expect(r"In \[7\]:")
    console.sendline("name")
    console.expect('"Pooh"')
    console.expect(r"In \[8\]:")
    console.sendeof()
    console.expect("really want to exit")
    console.sendline("y")
    console.expect(pexpect.EOF)
