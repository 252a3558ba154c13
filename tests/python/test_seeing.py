"""notebooks/seeing.ipynb: each bug is found, at its line; each mended program holds; the pictures show who did what."""

import re

import pytest

# What each failing cell ends with: the kind of failure, and the user's line that it names.
FOUND = {
    "lost-update": r"Panic in line 15: .*a spoon is lost",
    "lock-order": r"Deadlock: .*thread 1 waits for ever in line 8 for BREAD, held by thread 2",
    "lost-wakeup": r"Deadlock: .*thread 1 waits to be notified by WHISTLE in line 12, for ever",
    "philosophers": r"Deadlock: .*thread \d waits for ever in line 6 for FORKS\[\d\], held by thread \d since line 5",
    "publication": r"Panic in line 14: .*the letter is not there",
    "double-checked": r"Panic in line 21",
    "aba": r"Panic in line 34: plate 2 is in two places",
    "buffer": r"Panic in line 12: there is a cake",
}

# The mended ones, and whether all schedules can be tried.
MENDED = {
    "lost-update-mended": True,
    "lock-order-mended": True,
    "lost-wakeup-mended": True,
    "philosophers-mended": False,
    "publication-mended": True,
    "double-checked-mended": True,
    "aba-mended": False,
    "buffer-mended": False,
}

# The threads of each picture, and what they are seen to do.
PICTURES = {
    "torn-seen": (5, {"run", "sleep", "end", "print"}),
    "torn-mended": (5, {"run", "sleep", "end", "lock", "print"}),
    "buffer-seen": (5, {"run", "sleep", "end", "condition"}),
}

DEFINES = ["torn-code"]


def cell(seeing, name):
    return next(cell for cell in seeing.cells if cell.id == name)


def outputs(seeing, name, kind):
    return [output for output in cell(seeing, name).outputs if output.output_type == kind]


@pytest.mark.parametrize("name", FOUND)
def test_the_bug_is_found(seeing, name):
    (error,) = outputs(seeing, name, "error")
    assert error.ename == "FailingSchedule"
    assert re.match(FOUND[name], error.evalue), error.evalue
    (picture,) = outputs(seeing, name, "display_data")
    assert "woozle-explore" in picture.data["text/html"]
    assert "%%explore replay=" in picture.data["text/plain"]


@pytest.mark.parametrize("name", MENDED)
def test_the_mended_program_holds(seeing, name):
    (said,) = outputs(seeing, name, "stream")
    holds = r"holds in all \d+ schedules; there are no others \(\d+ ms\)\n"
    looked = r"no failure in \d+ schedules \(\d+ ms\); there are more\n"
    assert re.fullmatch(holds if MENDED[name] else looked, said.text)
    assert not outputs(seeing, name, "error")


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_shows_who_did_what(seeing, name):
    threads, states = PICTURES[name]
    (picture,) = outputs(seeing, name, "display_data")
    html = picture.data["text/html"]
    assert html.count('<g class="thread">') == threads
    drawn = re.findall(r'<(?:rect|path) class="(\w+)" (?:x|d)=', html)
    assert states <= set(drawn)
    assert "image/svg+xml" in picture.data


def test_lines_are_torn_without_the_lock_and_whole_with_it(seeing):
    torn, whole = (
        "".join(output.text for output in outputs(seeing, name, "stream"))
        for name in ("torn-seen", "torn-mended")
    )
    assert sorted(torn.split()) == sorted(whole.split())
    assert not re.fullmatch(r"(\d Woozle Wuzzle\n){4}", torn)
    assert re.fullmatch(r"(\d Woozle Wuzzle\n){4}", whole)


def test_no_cell_is_left_out(seeing):
    code = [cell.id for cell in seeing.code_cells().values()]
    assert sorted(code) == sorted([*FOUND, *MENDED, *PICTURES, *DEFINES])
