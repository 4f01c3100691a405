"""What never is: the package's imports keep their direction. Read from the source, never run."""

import ast
from collections.abc import Iterator, Mapping
from copy import deepcopy
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOOKS = ROOT / "hooks"

OUTPUTS = ("feeds", "calendars", "api", "views", "reports")
NOT_FOR_KINDS = ("library", "checks", *OUTPUTS, "pages", "output", "cache", "site", "cli")
COMMANDS = ("cli", "commands", "publication", "serve", "site", "start", "upkeep")
FOR_BUILDS = ("imports.shown", "imports.snapshot", "imports.sources")
BIG_LIBRARIES = ("mkdocs", "material", "properdocs")

Imports = dict[str, set[str]]


def modules(folder: Path) -> dict[str, ast.Module]:
    """Every module below `folder`, by its dotted name."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return found


def imports(trees: Mapping[str, ast.Module]) -> Imports:
    """What each module imports, also inside functions and for types only.

    A package itself is not counted as imported by its own `from package import module`.
    """
    return {name: set(_imported(tree, trees)) - {name} for name, tree in trees.items()}


def at_run_time(trees: Mapping[str, ast.Module]) -> Imports:
    """The same without what is imported for types only."""
    return imports({name: _Running().visit(deepcopy(tree)) for name, tree in trees.items()})


class _Running(ast.NodeTransformer):
    def visit_If(self, node: ast.If) -> ast.If | None:
        return None if ast.unparse(node.test) == "TYPE_CHECKING" else node


def _imported(tree: ast.Module, known: Mapping[str, ast.Module]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import hides its direction"
            for alias in node.names:
                member = f"{node.module}.{alias.name}"
                yield member if member in known else str(node.module)


def is_in(module: str, *packages: str) -> bool:
    """Whether `module` is one of these packages or stands inside one."""
    return any(module == package or module.startswith(package + ".") for package in packages)


def ours(*names: str) -> tuple[str, ...]:
    """Modules of the package by their dotted names."""
    return tuple(f"townsquare.{name}" for name in names)


def only_the_site_knows_mkdocs(found: Imports) -> Iterator[str]:
    for module, names in found.items():
        if not is_in(module, *ours("site")):
            yield from (f"{module} imports {n}" for n in names if is_in(n, *BIG_LIBRARIES))


def kinds_know_no_output(found: Imports) -> Iterator[str]:
    for module, names in found.items():
        if is_in(module, *ours("kinds")):
            yield from (f"{module} imports {n}" for n in names if is_in(n, *ours(*NOT_FOR_KINDS)))


def outputs_know_no_other_output(found: Imports) -> Iterator[str]:
    for module, names in found.items():
        for own in OUTPUTS:
            if is_in(module, *ours(own)):
                others = ours(*(o for o in OUTPUTS if o != own))
                yield from (f"{module} imports {n}" for n in names if is_in(n, *others))


def outputs_know_no_concrete_kind(found: Imports) -> Iterator[str]:
    for module, names in found.items():
        if is_in(module, *ours(*OUTPUTS)):
            concrete = (n for n in names if n.startswith("townsquare.kinds."))
            yield from (f"{module} imports {n}" for n in concrete)


def only_commands_know_the_site(found: Imports) -> Iterator[str]:
    for module, names in found.items():
        if not is_in(module, *ours(*COMMANDS)) and module.startswith("townsquare"):
            yield from (f"{module} imports {n}" for n in names if is_in(n, *ours("site", "cli")))


def no_build_asks_strangers(found: Imports) -> Iterator[str]:
    for module, names in found.items():
        if not is_in(module, *ours("commands")):
            yield from (f"{module} imports {n}" for n in names if is_in(n, *ours("external")))
        if not is_in(module, *ours("imports", "cli", "external")):
            others = (n for n in names if is_in(n, *ours("imports")))
            yield from (f"{module} imports {n}" for n in others if not is_in(n, *ours(*FOR_BUILDS)))
    for name in FOR_BUILDS:
        inner = (n for n in found.get(f"townsquare.{name}", ()) if is_in(n, *ours("imports")))
        yield from (f"{name} imports {n}" for n in inner if not is_in(n, *ours(*FOR_BUILDS)))


def imports_form_no_cycle(running: Imports) -> Iterator[str]:
    try:
        TopologicalSorter(running).prepare()
    except CycleError as error:
        yield " imports ".join(reversed(error.args[1]))


RULES = (
    only_the_site_knows_mkdocs,
    kinds_know_no_output,
    outputs_know_no_other_output,
    outputs_know_no_concrete_kind,
    only_commands_know_the_site,
    no_build_asks_strangers,
    imports_form_no_cycle,
)

# One module a rule that breaks it, and the words that the rule then says.
PLANTED = {
    only_the_site_knows_mkdocs: (
        {"townsquare.bodies": "def f():\n    from mkdocs.plugins import x"},
        "townsquare.bodies imports mkdocs.plugins",
    ),
    kinds_know_no_output: (
        {"townsquare.kinds.talk": "from townsquare import feeds", "townsquare.feeds": ""},
        "townsquare.kinds.talk imports townsquare.feeds",
    ),
    outputs_know_no_other_output: (
        {"townsquare.api": "import townsquare.views.lists", "townsquare.views.lists": ""},
        "townsquare.api imports townsquare.views.lists",
    ),
    outputs_know_no_concrete_kind: (
        {
            "townsquare.calendars": "from townsquare.kinds.event import Event",
            "townsquare.kinds.event": "",
        },
        "townsquare.calendars imports townsquare.kinds.event",
    ),
    only_commands_know_the_site: (
        {"townsquare.library": "from townsquare.cli import main"},
        "townsquare.library imports townsquare.cli",
    ),
    no_build_asks_strangers: (
        {"townsquare.views.x": "import townsquare.imports.posts", "townsquare.imports.posts": ""},
        "townsquare.views.x imports townsquare.imports.posts",
    ),
    imports_form_no_cycle: (
        {
            "townsquare.a": "from townsquare.b import x",
            "townsquare.b": "def f():\n    import townsquare.a",
        },
        "townsquare.a imports townsquare.b imports townsquare.a",
    ),
}


def broken(rule, trees: Mapping[str, ast.Module]) -> list[str]:
    # A type may name what uses it; nothing runs in a circle.
    return sorted(rule((at_run_time if rule is imports_form_no_cycle else imports)(trees)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_package_keeps_the_import_rule(rule):
    assert broken(rule, modules(HOOKS)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_an_import_that_breaks_the_rule_is_found(rule):
    sources, words = PLANTED[rule]
    trees = {name: ast.parse(source) for name, source in sources.items()}
    assert words in broken(rule, trees)[0]


def test_the_package_is_found_at_all():
    assert "townsquare.problems" in modules(HOOKS)


def statements(path: Path) -> list[str]:
    """The kinds of statement in a file beyond its docstring, imports, calls and `__all__`."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    plain = (ast.Import, ast.ImportFrom, ast.Expr)
    return [
        type(node).__name__
        for node in body
        if not isinstance(node, plain) and not ast.unparse(node).startswith("__all__ =")
    ]


# These two make `.venv`, before the package can be imported.
SET_UP = {"environment.py", "installation.py"}
SCRIPTS = sorted(p for p in (ROOT / "scripts").glob("*.py") if p.name not in SET_UP)


@pytest.mark.parametrize("path", [HOOKS / "mkdocs_hook.py", *SCRIPTS], ids=lambda path: path.name)
def test_the_hook_and_the_scripts_hold_no_logic(path):
    assert statements(path) == []


def test_a_script_with_logic_is_found(tmp_path):
    (tmp_path / "clever.py").write_text("import os\nif os.name:\n    pass\ndef f(): ...\n")
    assert statements(tmp_path / "clever.py") == ["If", "FunctionDef"]
