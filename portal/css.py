"""Cuts Bootstrap's style sheet down to what the pages use; run by `make css`."""

import ast
import fnmatch
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "static" / "vendor" / "bootstrap" / "bootstrap.min.css"
TARGET = ROOT / "static" / "css" / "bootstrap.css"
OURS = ROOT / "static" / "css" / "portal.css"

# States, and what crispy's own Alert and Column write: no template of ours spells them out.
SAFE = {"alert", "alert-danger", "alert-info", "alert-success", "alert-warning", "col-md", "disabled"}
# Elements that no page has, and parts of boxes that no browser still draws or no page asks for.
ABSENT = re.compile(
    r"(?:^|[\s>+~])(?:address|caption|figure|iframe|kbd|output|progress|samp)\b|::-moz-focus-inner|::-webkit-date"
)
DARK = "[data-bs-theme=dark]"
DARK_DEVICE = "@media (prefers-color-scheme:dark)"

TEXT = r'((?:"[^"]*"|[^"{}])*+)'
PIECE = re.compile(TEXT + r"(?:\{" + TEXT + r"\}|[{}])")
NOT_A_RULE = re.compile(r'@charset "[^"]*";|/\*.*?\*/', re.DOTALL)
LICENCE = re.compile(r"/\*!.*?\*/", re.DOTALL)
BETWEEN_SELECTORS = re.compile(r",(?![^(]*\))")
DECLARATION = re.compile(r'(?:"[^"]*"|[^";])+')
NEGATION = re.compile(r":not\([^()]*\)")
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
READ = re.compile(r"var\(\s*(--[\w-]+)")

TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}|\{% comment\b.*?\{% endcomment %\}", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
VARIABLE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
CLASS_VALUE = re.compile(r"""class["']?(?:=|\s+)(["'])(.*?)\1""", re.DOTALL)


class Rule(NamedTuple):
    """One style rule; `around` is the `@media` or `@keyframes` it stands in, "" for none."""

    around: str
    selectors: Sequence[str]
    declarations: Sequence[str]


def used_classes(root: Path = ROOT) -> set[str]:
    """Return the classes that the project at `root` writes; `btn-*` stands for one that a variable completes."""
    templates = [*root.glob("templates/**/*.html"), *root.glob("selfservice/**/*.html")]
    found = [classes_of_template(path.read_text("utf-8")) for path in templates]
    found += [classes_of_module(path.read_text("utf-8")) for path in root.glob("selfservice/**/*.py")]
    return set().union(*found)


def classes_of_template(text: str) -> set[str]:
    """Return the classes in a Django template, from every branch and from arguments of tags too."""
    text = TEMPLATE_COMMENT.sub("", text)
    html = VARIABLE.sub("*", TAG.sub(" ", text))
    values = [value for part in (html, *TAG.findall(text)) for _, value in CLASS_VALUE.findall(part)]
    return {name for value in values for name in value.split() if name.strip("*")}


def classes_of_module(source: str) -> set[str]:
    """Return the classes that Python code hands to crispy or to a widget: arguments, keys and attributes `…class`."""
    strings = [node for value in _class_values(ast.parse(source)) for node in ast.walk(value)]
    texts = [node.value for node in strings if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return {name for text in texts for name in text.split()}


def _class_values(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        match node:
            case ast.keyword(value=value) if _is_class(node):
                yield value
            case ast.Assign(targets=targets, value=value) if any(map(_is_class, targets)):
                yield value
            case ast.Dict(keys=keys, values=values):
                yield from (value for key, value in zip(keys, values, strict=True) if _is_class(key))


def _is_class(node: ast.AST | None) -> bool:
    match node:
        case (
            ast.keyword(arg=str(name))
            | ast.Constant(value=str(name))
            | ast.Attribute(attr=name)
            | ast.Subscript(slice=ast.Constant(value=str(name)))
        ):
            return name.endswith("class")
    return False


def classes_of_css(css: str) -> set[str]:
    """Return the classes that a style sheet has rules for."""
    return {name for rule in _rules(css) for selector in rule.selectors for name in _classes(selector)}


def spelled_out(used: Iterable[str], known: set[str]) -> set[str]:
    """Return `used` with each pattern such as `btn-*` replaced by the known classes that it can stand for."""
    return {name for each in used for name in (fnmatch.filter(known, each) if "*" in each else [each])}


def build(css: str, used: Iterable[str], ours: str) -> str:
    """Return the rules of the minified `css` that apply with these classes alone, below its licence.

    Dark colours follow the device. Drawings in `data:` URLs go: `ours`, the other style sheets, do without them. So
    do the custom properties that neither these rules nor `ours` read.
    """
    wanted = spelled_out(used, classes_of_css(css))
    rules = _animated([_cut(_on_device(rule), wanted) for rule in _rules(css)])
    read = _read(rules, ours)
    live = [rule._replace(declarations=[each for each in rule.declarations if _counts(each, read)]) for rule in rules]
    licence = "".join(LICENCE.findall(css)[:1])
    return f"{licence}\n{_written(rule for rule in live if rule.selectors and rule.declarations)}\n"


def _rules(css: str) -> Iterator[Rule]:
    around = ""
    for piece in PIECE.finditer(NOT_A_RULE.sub("", css)):
        head, declarations = piece[1].strip(), piece[2]
        if declarations is None:
            around = head if piece[0].endswith("{") else ""
        else:
            yield Rule(around, BETWEEN_SELECTORS.split(head), DECLARATION.findall(declarations))


def _classes(selector: str) -> set[str]:
    return set(CLASS.findall(NEGATION.sub("", selector)))


def _on_device(rule: Rule) -> Rule:
    """Let the device switch what Bootstrap switches by an attribute that no page sets."""
    if rule.selectors[0].startswith(DARK):
        return Rule(DARK_DEVICE, [each.replace(DARK, ":root") for each in rule.selectors], rule.declarations)
    return rule._replace(selectors=[each for each in rule.selectors if "[data-bs-theme" not in each])


def _cut(rule: Rule, wanted: set[str]) -> Rule:
    selectors = [each for each in rule.selectors if _classes(each) <= wanted and not ABSENT.search(each)]
    declarations = [each for each in rule.declarations if 'url("data:' not in each] if selectors else []
    return Rule(rule.around, selectors, declarations)


def _animated(rules: Sequence[Rule]) -> list[Rule]:
    """Leave out the key frames that no rule names."""
    styles = " ".join(each for rule in rules for each in rule.declarations if not rule.around.startswith("@keyframes"))
    return [rule for rule in rules if rule.around.partition("@keyframes ")[2] in styles]


def _read(rules: Sequence[Rule], ours: str) -> set[str]:
    """Return the custom properties that matter: read by a style, or by another property that matters."""
    found, read = set(READ.findall(ours)), None
    declarations = [each for rule in rules for each in rule.declarations]
    while found != read:
        read = found
        found = read.union(*(READ.findall(each) for each in declarations if _counts(each, read)))
    return found


def _counts(declaration: str, read: set[str]) -> bool:
    return not declaration.startswith("--") or declaration.partition(":")[0] in read


def _written(rules: Iterable[Rule]) -> str:
    text = ""
    for around, group in groupby(rules, key=lambda rule: rule.around):
        inside = "".join(f"{','.join(rule.selectors)}{{{';'.join(rule.declarations)}}}" for rule in group)
        text += f"{around}{{{inside}}}" if around else inside
    return text


def main() -> None:
    """Write Bootstrap's part of the style sheets anew."""
    ours = "".join(path.read_text("utf-8") for path in sorted(TARGET.parent.glob("*.css")) if path != TARGET)
    TARGET.write_text(build(SOURCE.read_text("utf-8"), used_classes() | SAFE, ours), "utf-8")


if __name__ == "__main__":
    main()
