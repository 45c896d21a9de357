"""SECURITY.md tells the truth: every test that it names exists, and every requirement has its line."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
THREATS, _, REQUIREMENTS = TEXT.partition("## OWASP ASVS")
NODE = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")
ASVS = re.findall(
    r"[\d.]+",
    """
    1.2.1 1.3.4 1.3.6 1.3.11 1.5.1 2.2.1 2.2.2 2.3.1 2.4.1 3.3.1 3.3.2 3.3.4 3.4.1 3.4.3 3.4.5 3.4.6 3.5.1 3.5.3 3.5.5
    3.7.2 5.2.1 6.3.1 6.3.3 6.3.6 6.3.7 6.3.8 6.5.1 6.5.3 6.5.5 6.6.2 6.6.3 7.2.4 7.3.1 7.3.2 7.4.1 7.5.1 8.2.1 8.2.2
    8.2.3 8.4.1 13.3.1 13.4.2 14.2.1 14.2.2 14.3.1 14.3.2 15.1.2 15.3.2 15.3.3 15.3.4 16.2.5 16.3.1 16.4.1 16.5.3
    """,
)


def rows(text: str, columns: int) -> list[list[str]]:
    """Return the cells of a table's lines, without its head and the headings in between."""
    lines = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line.startswith("| ")
    ]
    return [cells for cells in lines if len(cells) == columns][1:]


@cache
def named_in(path: str) -> set[str]:
    """Return the tests of a file as their node ids name them."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    methods = {f"{one.name}::{node.name}" for one in classes for node in one.body if isinstance(node, ast.FunctionDef)}
    return functions | methods


@pytest.mark.parametrize(
    ("path", "name"), sorted(set(NODE.findall(TEXT))), ids=lambda part: str(part).rpartition("/")[2]
)
def test_every_test_that_is_named_exists(path: str, name: str) -> None:
    assert (ROOT / path).is_file()
    assert name in named_in(path)


def test_nothing_that_looks_like_a_test_is_named_in_another_way() -> None:
    assert len(re.findall(r"\.py::", TEXT)) == len(NODE.findall(TEXT))


def test_every_threat_has_a_defence_and_a_test() -> None:
    threats = rows(THREATS, 3)
    assert len(threats) > 60
    for threat, defence, proof in threats:
        assert defence, threat
        assert NODE.search(proof), threat


def test_every_file_of_attacks_is_in_the_table() -> None:
    files = {path.name for path in Path(__file__).parent.glob("test_*.py")} - {Path(__file__).name}
    assert files <= {Path(path).name for path, _ in NODE.findall(TEXT)}


def test_every_requirement_has_its_line_and_its_proof() -> None:
    lines = rows(REQUIREMENTS, 4)
    assert [number for number, *_ in lines] == ASVS
    for number, short, standing, proof in lines:
        assert len(short) > 10, number
        assert standing in ("pass", "not applicable", "open"), number
        assert proof, number
        if standing == "pass":
            assert NODE.search(proof) or "the same" in proof or re.search(r"`selfservice/[\w/.]+`", proof), number


def test_files_that_are_named_exist() -> None:
    for path in re.findall(r"`((?:selfservice|tests|portal)/[\w/.]+\.\w+)`", TEXT):
        assert (ROOT / path).is_file(), path
