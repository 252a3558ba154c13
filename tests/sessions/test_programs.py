"""Programs that are cut into cells: together, the cells print what the whole program prints."""

import re
from pathlib import Path

import pytest

from kernel import Kernel

PROGRAMS = Path(__file__).resolve().parent / "programs"


def programs():
    for file in sorted(PROGRAMS.glob("*.rs")):
        head, *cells = re.split(r"(?m)^// %% *\n", file.read_text(encoding="utf-8"))
        settings = dict(re.findall(r"(?m)^// (\w+): (.*)$", head))
        marks = [pytest.mark.xfail(reason=settings["fails"])] if "fails" in settings else []
        yield pytest.param(cells, "ends" in settings, id=file.stem, marks=marks)


@pytest.mark.parametrize(("cells", "may_fail_last"), programs())
def test_program(cells, may_fail_last):
    expected = re.findall(r"(?m)^// expect: ?(.*)$", "".join(cells))
    codes = [re.sub(r"(?m)^// expect:.*\n?", "", cell) for cell in cells]
    ran = []
    with Kernel() as kernel:
        for code in codes:
            ran.append(kernel.run(code))
            is_last = len(ran) == len(codes)
            # What fails has run: it is an error of the program's, not one of rustc's.
            may_fail = is_last and may_fail_last and "[E0" not in ran[-1].error
            assert ran[-1].status == "ok" or may_fail, f"cell {len(ran)}:\n{code}\n{ran[-1].report}"
        kernel.wait_for_silence()
    assert "".join(cell.stdout for cell in ran).splitlines() == expected
