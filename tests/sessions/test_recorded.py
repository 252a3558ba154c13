"""Runs the recorded sessions in the kernel; README.md says what is in one."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from kernel import Kernel

RECORDED = Path(__file__).resolve().parent / "recorded"
TEXTS = ("stdout", "stderr", "error", "report", "result")


def sessions():
    for file in sorted(RECORDED.glob("*.toml")):
        for session in tomllib.loads(file.read_text(encoding="utf-8"))["session"]:
            marks = [pytest.mark.xfail(reason=session["fails"])] if "fails" in session else []
            yield pytest.param(session, id=session["id"], marks=marks)


@pytest.mark.parametrize("session", sessions())
def test_session(session):
    with Kernel() as kernel:
        cells = [
            kernel.run(cell["code"], cell.get("stdin", ()), cell.get("interrupt_after_s"))
            for cell in session["cell"]
        ]
        kernel.wait_for_silence()
    problems = [
        f"cell {number}: {problem}"
        for number, (recorded, cell) in enumerate(zip(session["cell"], cells, strict=True), 1)
        for problem in compare(recorded.get("expect", {}), cell)
    ]
    assert not problems, "\n".join([session["why"], *problems])


def compare(expected, cell):
    """What is not as expected."""
    expected = {"status": "ok", **expected}
    for what, value in expected.items():
        found, is_good = check(what, value, cell, expected)
        if not is_good:
            yield f"{what} should be {value!r}, and is {found!r}; {cell.report}"


def check(what, value, cell, expected):
    """What was found, and whether that is as it should be."""
    if match := re.fullmatch(f"({'|'.join(TEXTS)})_(has|lacks)", what):
        name, how = match.groups()
        text = getattr(cell, name) or ""
        does_not_count = name == "error" and expected["status"] == "any" and cell.status != "error"
        return text, does_not_count or all((part in text) == (how == "has") for part in value)
    match what:
        case "status":
            return cell.status, value in ("any", cell.status)
        case "stdout" | "result":
            found = getattr(cell, what)
            return found, found == value
        case "stdout_len":
            return len(cell.stdout), len(cell.stdout) == value
        case "no_result":
            return cell.results, value != bool(cell.results)
        case "report_re":
            patterns = [value] if isinstance(value, str) else value
            return cell.report, all(re.search(pattern, cell.report, re.M) for pattern in patterns)
        case "mimes":
            shown = data(cell)
            return sorted(shown), all(mime in shown for mime in value)
        case "mime_has":
            shown = data(cell)
            return shown, all(part in shown.get(mime, "") for mime, parts in value.items() for part in parts)
        case "max_s":
            return cell.seconds, cell.seconds <= value
    raise ValueError(f"nothing is known of `expect.{what}`")


def data(cell):
    """All that is shown, by its kind."""
    shown = {}
    for bundle in cell.results + cell.displays:
        for mime, value in bundle.items():
            text = value if isinstance(value, str) else json.dumps(value)
            shown[mime] = shown.get(mime, "") + text
    return shown
