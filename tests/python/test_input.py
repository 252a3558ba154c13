"""Cells that ask the user, over jupyter_client."""

import pytest
from jupyter_client.manager import start_new_kernel


@pytest.fixture(scope="module")
def client():
    manager, client = start_new_kernel(kernel_name="woozle", startup_timeout=300)
    yield client
    client.stop_channels()
    manager.shutdown_kernel()


def run(client, code, answers):
    """The result of a cell, and what was asked for: each prompt, and whether it is hidden."""
    asked, outputs = [], []
    answers = iter(answers)

    def answer(message):
        asked.append((message["content"]["prompt"], message["content"]["password"]))
        client.input(next(answers))

    client.execute_interactive(
        code, allow_stdin=True, stdin_hook=answer, output_hook=outputs.append, timeout=60
    )
    errors = [o["content"] for o in outputs if o["msg_type"] == "error"]
    assert not errors
    results = [o["content"] for o in outputs if o["msg_type"] == "execute_result"]
    return results[-1]["data"]["text/plain"], asked


def test_input_asks_with_its_prompt(client):
    result, asked = run(client, 'woozle::input("Who? ")?', ["Wöozle"])
    assert (result, asked) == ('"Wöozle"', [("Who? ", False)])


def test_getpass_hides_what_is_typed(client):
    result, asked = run(client, 'woozle::getpass("Password: ")?.len()', ["sesame"])
    assert (result, asked) == ("6", [("Password: ", True)])


def test_input_and_stdin_take_turns(client):
    code = (
        'let a = woozle::input("a? ")?;\nlet mut b = String::new();\n'
        "std::io::stdin().read_line(&mut b)?;\n(a, b)"
    )
    result, asked = run(client, code, ["1", "2"])
    assert result == '("1", "2\\n")'
    assert asked == [("a? ", False), ("", False)]


def test_a_thread_asks_too(client):
    code = 'std::thread::spawn(|| woozle::input("there? ")).join().unwrap()?'
    assert run(client, code, ["yes"]) == ('"yes"', [("there? ", False)])
