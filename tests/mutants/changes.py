"""The single changes that can be made to a source file: found in its syntax tree, applied to a copy of it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ("b2b_ordering", "catalog", "partner_portal", "search", "core")
KINDS = ("rules", "services", "queries")

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
NAMES = {"min": "max", "max": "min", "ROUND_HALF_UP": "ROUND_HALF_EVEN"}
SMALL = (
    ast.Constant,
    ast.Name,
    ast.UnaryOp,
    ast.BinOp,
    ast.Slice,
    ast.Subscript,
    ast.Attribute,
)  # told with more
LOOKUPS = {"filter", "exclude", "get"}
PORTIONS = {"batch_size", "chunk_size"}  # how many rows at a time changes nothing but the time
WRITES = {"update", "delete", "create", "save", "bulk_create", "bulk_update"}
LOCK_KINDS = {"lock", "lock call"}
LOCK_NAME = re.compile(r"_?lock(_\w+)?")  # by the house's names, what only locks rows
LOGS = {"log", "logger", "logging", "warnings"}


@dataclass(frozen=True)
class Change:
    """One change: in which function of which file, to which node of the tree, and how it reads."""

    file: str
    line: int
    function: str
    node: int
    kind: str
    detail: int

    @property
    def reads(self) -> str:
        """The change as text: what stood there, and what stands there now."""
        return _reads(self)

    @property
    def key(self) -> str:
        """What identifies the change in equivalent.txt; lines above it may come and go."""
        return f"{self.file} | {self.function} | {self.reads}"

    @property
    def shown(self) -> str:
        return f"{self.file}:{self.line} {self.function}: {self.reads}"

    @property
    def needs_postgresql(self) -> bool:
        """Whether SQLite cannot show it: row locks, and SQL written for the other database."""
        dropped = self.kind in LOCK_KINDS or (self.kind == "call" and LOCK_NAME.fullmatch(self.function))
        return bool(dropped) or self.function.endswith((".as_sql", ".as_postgresql"))


def source_files() -> Iterator[Path]:
    """The rules, services and queries of every plugin, files and packages."""
    for plugin in PLUGINS:
        for path in sorted((ROOT / plugin / f"qudao_{plugin}").rglob("*.py")):
            inside = path.relative_to(ROOT / plugin / f"qudao_{plugin}")
            if {path.stem, *inside.parts[:-1]} & set(KINDS):
                yield path


def changes_in(path: Path) -> list[Change]:
    """Every change that can be made inside a function of the file."""
    tree = ast.parse(path.read_text())
    order = {id(node): number for number, node in enumerate(ast.walk(tree))}
    file = str(path.relative_to(ROOT))
    return [
        Change(file, node.lineno, name, order[id(node)], kind, detail)
        for name, function in functions_of(tree)
        for node in _inside(function)
        for kind, detail in _possible(node)
    ]


def functions_of(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions and methods that stand on their own, with their qualified names."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from functions_of(node, f"{prefix}{node.name}.")


def changed(change: Change) -> ast.Module:
    """The file's tree with the change made; lines stay where they were."""
    return _apply(change)[0]


def marked(file: str, marks: dict[int, int], name: str) -> ast.Module:
    """The file's tree with a call of `name(mark)` before the statement of each node (node number → mark)."""
    tree = ast.parse((ROOT / file).read_text())
    nodes = list(ast.walk(tree))
    parents = {id(child): parent for parent in nodes for child in ast.iter_child_nodes(parent)}
    for number, mark in marks.items():
        statement = nodes[number]
        while not isinstance(statement, ast.stmt):
            statement = parents[id(statement)]
        call = ast.Expr(ast.Call(ast.Name(name, ast.Load()), [ast.Constant(mark)], []))
        ast.copy_location(call, statement)
        for block in ("body", "orelse", "finalbody"):
            statements = getattr(parents[id(statement)], block, [])
            if isinstance(statements, list) and statement in statements:
                statements.insert(statements.index(statement), call)
    return ast.fix_missing_locations(tree)


def _inside(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of the body, without annotations; a `return` that ends the function is not an early one."""
    waiting: list[ast.AST] = list(reversed(function.body))
    while waiting:
        node = waiting.pop()
        yield node
        for name, value in reversed(list(ast.iter_fields(node))):
            if name in {"annotation", "returns", "decorator_list"}:
                continue
            if isinstance(node, ast.keyword) and node.arg in PORTIONS:
                continue
            values = value if isinstance(value, list) else [value]
            waiting.extend(each for each in reversed(values) if isinstance(each, ast.AST))


def _possible(node: ast.AST) -> Iterator[tuple[str, int]]:
    match node:
        case ast.Compare(ops=ops):
            yield from (("comparison", place) for place, op in enumerate(ops) if type(op) in COMPARISONS)
        case ast.BinOp(op=op, left=left, right=right) if type(op) in OPERATORS:
            if not any(_is_no_number(side) for side in (left, right)):
                yield "operator", 0
        case ast.BoolOp():
            yield "and/or", 0
        case ast.UnaryOp(op=ast.Not()):
            yield "not", 0
        case ast.Constant(value=bool()):
            yield "true/false", 0
        case ast.Constant(value=int()):
            yield from (("constant", 1), ("constant", -1))
        case ast.Name(id=name) if name in NAMES:
            yield "name", 0
        case ast.Call(func=ast.Attribute(attr="select_for_update")):
            yield "lock", 0
        case ast.Call(func=ast.Attribute(attr=name), args=args, keywords=keywords) if (
            name in LOOKUPS and keywords
        ):
            if len(keywords) + len(args) > 1:
                yield from (("condition", place) for place in range(len(keywords)))
            elif name != "get":
                yield "lookup", 0
        case ast.If(body=[ast.Raise() | ast.Return() | ast.Continue()]):
            yield "early end", 0
        case ast.Expr(value=ast.Call(func=called)) if not _is_log(called):
            yield ("lock call" if _only_locks(node.value) else "call"), 0


def _is_no_number(node: ast.AST) -> bool:
    """Whether `+` or `|` joins texts, lists or types here; changing that only breaks the function."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) or node.value is None
    if isinstance(node, ast.Name):
        return node.id[0].isupper() or node.id in {
            "int",
            "str",
            "bool",
            "float",
            "list",
            "dict",
            "date",
            "time",
        }
    return isinstance(node, ast.JoinedStr | ast.List | ast.Tuple | ast.ListComp)


def _only_locks(call: ast.Call) -> bool:
    """Whether a call whose answer nobody looks at holds rows and does nothing else."""
    called = call.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    if LOCK_NAME.fullmatch(name):
        return True
    attributes = {each.attr for each in ast.walk(call) if isinstance(each, ast.Attribute)}
    return "select_for_update" in attributes and not attributes & WRITES


def _is_log(called: ast.expr) -> bool:
    return (
        isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id in LOGS
    )


@cache
def _reads(change: Change) -> str:
    _, before, after = _apply(change)
    return f"{before} → {after}"


def _apply(change: Change) -> tuple[ast.Module, str, str]:
    tree = ast.parse((ROOT / change.file).read_text())
    nodes = list(ast.walk(tree))
    node, around = nodes[change.node], nodes[change.node]
    while isinstance(around, SMALL):
        around = next(parent for parent in nodes if around in ast.iter_child_nodes(parent))
    before = _short(around)
    new = _new(node, change.kind, change.detail)
    if new is not node:
        _replace(tree, node, ast.copy_location(new, node))
    after = new if around is node else around
    return ast.fix_missing_locations(tree), before, "pass" if isinstance(after, ast.Pass) else _short(after)


def _new(node: ast.AST, kind: str, detail: int) -> ast.AST:
    """The node as it is after the change: the same one altered, or another in its place."""
    match kind, node:
        case "comparison", ast.Compare():
            node.ops[detail] = COMPARISONS[type(node.ops[detail])]()
        case "operator", ast.BinOp():
            node.op = OPERATORS[type(node.op)]()
        case "and/or", ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case "not", ast.UnaryOp():
            return node.operand
        case "true/false", ast.Constant():
            node.value = not node.value
        case "constant", ast.Constant(value=int(value)):
            node.value = value + detail
        case "name", ast.Name():
            node.id = NAMES[node.id]
            if node.id == "ROUND_HALF_EVEN":  # the name need not be imported where it is put
                return ast.Constant("ROUND_HALF_EVEN")
        case "condition", ast.Call():
            del node.keywords[detail]
        case (("lookup" | "lock"), ast.Call(func=ast.Attribute(value=receiver))):
            return receiver
        case (("early end" | "call" | "lock call"), _):
            return ast.Pass()
    return node


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list):
                value[:] = [new if each is old else each for each in value]


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 150 else text[:110] + " … " + text[-35:]
