"""The house rules that a machine can check: layers, sizes, one list of data sets."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = [path for folder in ("portal", "selfservice") for path in sorted((ROOT / folder).rglob("*.py"))]
LONGEST_FILE = 250
LONGEST_FUNCTION = 40
USUAL_FUNCTION = 8


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each function of a module with its number of lines."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_module_reaches_back_up() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    ended = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE
    assert [(name, lines) for name, lines in functions(path) if lines > LONGEST_FUNCTION] == []


def test_most_functions_are_very_short() -> None:
    assert statistics.median(lines for path in PRODUCT for _name, lines in functions(path)) <= USUAL_FUNCTION


def test_a_data_set_is_one_module_and_one_entry() -> None:
    """Nothing but its own module and the list may name a data set."""
    own = {"contact", "address", "master", "payment"}
    naming = {
        path.name
        for path in (ROOT / "selfservice" / "datasets").glob("*.py")
        if path.stem not in own
        and any(f'"{slug}-data"' in path.read_text("utf-8") or f'"{slug}"' in path.read_text("utf-8") for slug in own)
    }
    assert naming == set()


def test_every_module_says_what_it_is_for() -> None:
    without = [
        path
        for path in PRODUCT
        if "migrations" not in path.parts and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert without == []


def test_no_registry_stands_in_the_lock_files() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert "//" not in (ROOT / name).read_text("utf-8")
