"""What of a program an older Python would not understand, and the Pythons at hand to try it with.

Programs that leave with a bag or an export run where nobody installs anything, on whatever Python is there. Syntax is
parsed as Python 3.8 has it; what came later in the library is looked for by name. What no name tells (two dicts joined
by `|`) only a run on the oldest Python shows, so there are both.
"""

from __future__ import annotations

import ast
import functools
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

OLDEST = (3, 8)

#: Modules of the standard library that came after Python 3.8.
_MODULES = {"annotationlib", "compression", "graphlib", "tomllib", "zoneinfo"}
#: Names in modules that came after it. Source: "What's new" of Python 3.9 to 3.14.
_NAMES = {
    "argparse": {"BooleanOptionalAction"},
    "ast": {"unparse"},
    "asyncio": {"Barrier", "Runner", "TaskGroup", "timeout", "to_thread"},
    "base64": {"b32hexdecode", "b32hexencode", "z85decode", "z85encode"},
    "contextlib": {"aclosing", "chdir"},
    "copy": {"replace"},
    "datetime": {"UTC"},
    "enum": {"EnumCheck", "FlagBoundary", "ReprEnum", "StrEnum", "member", "nonmember", "property", "verify"},
    "functools": {"cache"},
    "hashlib": {"file_digest"},
    "itertools": {"batched", "pairwise"},
    "math": {"cbrt", "exp2", "fma", "lcm", "nextafter", "sumprod", "ulp"},
    "operator": {"call", "is_none", "is_not_none"},
    "os": {"EFD_CLOEXEC", "process_cpu_count", "splice", "unshare", "waitstatus_to_exitcode"},
    "os.path": {"isjunction", "isreserved", "splitroot"},
    "random": {"binomialvariate", "randbytes"},
    "sys": {"exception", "orig_argv", "stdlib_module_names"},
    "types": {"EllipsisType", "GenericAlias", "NoneType", "NotImplementedType", "UnionType"},
    "typing": {"Annotated", "Concatenate", "LiteralString", "Never", "NotRequired", "ParamSpec", "Required", "Self"}
    | {"TypeAlias", "TypeGuard", "TypeVarTuple", "Unpack", "assert_never", "assert_type", "override", "reveal_type"},
}
#: Methods that came after it, of whatever object.
_METHODS = {"bit_count", "full_match", "hardlink_to", "is_junction", "is_relative_to", "readlink", "removeprefix"}
_METHODS |= {"removesuffix", "with_stem"}
#: Words of calls that came after it.
_WORDS = {
    "add_parser": {"deprecated"},
    "ArgumentParser": {"exit_on_error", "suggest_on_error"},
    "bisect": {"key"},
    "bisect_left": {"key"},
    "bisect_right": {"key"},
    "dataclass": {"kw_only", "match_args", "slots", "weakref_slot"},
    "field": {"kw_only"},
    "glob": {"case_sensitive", "include_hidden", "recurse_symlinks", "root_dir"},
    "insort": {"key"},
    "new": {"usedforsecurity"},
    "rglob": {"case_sensitive", "recurse_symlinks"},
    "run": {"process_group"},
    "shutdown": {"cancel_futures"},
    "write_text": {"newline"},
    "zip": {"strict"},
}
_GENERIC = {"dict", "frozenset", "list", "set", "tuple", "type"}
_COLLECTIONS = {"Callable", "Iterable", "Iterator", "Generator", "Mapping", "OrderedDict", "Sequence", "defaultdict"}


def younger_than_oldest(source: str) -> list[str]:
    """What in a program Python 3.8 lacks, as `line: what`; empty where nothing was found."""
    try:
        tree = ast.parse(source, feature_version=OLDEST)
    except SyntaxError as error:
        return [f"{error.lineno}: {error.msg}"]
    lazy = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
    return [f"{line}: {what}" for line, what in _walk(tree, lazy=lazy)]


def _walk(node: ast.AST, *, lazy: bool) -> Iterator[tuple[int, str]]:
    yield from _of(node)
    skipped = _never_run(node, lazy=lazy)
    for child in ast.iter_child_nodes(node):
        if child not in skipped:
            yield from _walk(child, lazy=lazy)


def _never_run(node: ast.AST, *, lazy: bool) -> list[ast.AST]:
    """What stands in a node for the type checker alone."""
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return list(node.body)
    if not lazy:
        return []
    return [one for name in ("annotation", "returns") if (one := getattr(node, name, None)) is not None]


def _of(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Import):
        yield from ((node.lineno, f"module {one.name}") for one in node.names if one.name.split(".")[0] in _MODULES)
    elif isinstance(node, ast.ImportFrom):
        if node.module in _MODULES:
            yield node.lineno, f"module {node.module}"
        young = _NAMES.get(node.module or "", set())
        yield from ((node.lineno, f"{node.module}.{one.name}") for one in node.names if one.name in young)
    elif isinstance(node, ast.Attribute):
        owner = ast.unparse(node.value)
        if (node.attr in _METHODS and owner != "os") or node.attr in _NAMES.get(owner, set()):
            yield node.lineno, f"{owner}.{node.attr}"
    elif isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        young = _WORDS.get(called, set())
        yield from ((node.lineno, f"{called}({one.arg}=)") for one in node.keywords if one.arg in young)
        if called == "to_bytes" and not node.args:
            yield node.lineno, "to_bytes() without a length"
    elif isinstance(node, ast.Subscript) and getattr(node.value, "id", "") in _GENERIC | _COLLECTIONS:
        yield node.lineno, f"{ast.unparse(node)} made at run time"


@functools.cache
def pythons() -> tuple[tuple[tuple[int, int], str], ...]:
    """Each Python from 3.8 on that this machine has, as (version, command), the oldest first; one of each version."""
    found: dict[tuple[int, int], str] = {}
    for command in _commands():
        ask = [command, "-I", "-S", "-c", "import sys; print(*sys.version_info[:2])"]
        done = subprocess.run(ask, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            major, minor = map(int, done.stdout.split())
            found.setdefault((major, minor), command)
    return tuple(sorted(one for one in found.items() if one[0] >= OLDEST))


def _commands() -> Iterator[str]:
    yield from filter(None, (shutil.which(f"python3.{minor}") for minor in range(8, 30)))
    home = Path.home()
    kept = [Path(os.environ.get("PYENV_ROOT", home / ".pyenv")) / "versions", home / ".local/share/uv/python"]
    for folder in kept:
        yield from map(str, sorted(folder.glob("*/bin/python3")))
    yield from filter(None, [shutil.which("python3")])
