"""Policies as YAML files: reading one strictly, writing one that a person can go on with.

Leaves what may stand in a policy to the rules; here only the text's form is judged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from overt.policy.faults import faults_of, lines_of
from overt.policy.rules import BadPolicy, SchemePolicy, policy_from
from overt.policy.rules.settings import SECTIONS, SETTINGS
from overt.policy.rules.writing import document_of

#: Far above any code of practice; a larger file is a mistake.
MOST_CHARACTERS = 400_000
#: A policy's own settings lie within at most eight of one another.
DEEPEST = 20
_WIDTH = 118
_GUESSES = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")


class _Strict(yaml.SafeLoader):
    """No key twice, no anchors, no more within one another than a policy has: what a reader sees is what counts."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise BadPolicy(f"{_line_of(event)}a YAML alias or its anchor (*name, &name). Write the value out.")
        if self._depth >= DEEPEST:
            raise BadPolicy(f"{_line_of(event)}more within one another than any policy has. Write it flatter.")
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen = set()
        for key, _ in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else None
            if name is None:
                raise BadPolicy(f"Line {key.start_mark.line + 1}: a key has to be a plain word.")
            if name in seen:
                raise BadPolicy(f"Line {key.start_mark.line + 1}: {name} stands there twice.")
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


def _line_of(event: yaml.Event) -> str:
    mark = event.start_mark
    return f"Line {mark.line + 1}: " if mark else ""


def _plain_words() -> None:
    """Leave dates as the text they are, and take only true and false for yes and no: `off` is a word here."""
    kept: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items():
        kept[first] = [one for one in resolvers if one[0] not in _GUESSES]
    _Strict.yaml_implicit_resolvers = kept
    _Strict.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


_plain_words()


def read_text(text: str) -> SchemePolicy:
    """The policy of a YAML text. Raises BadPolicy with everything that is wrong with it, by line."""
    if len(text) > MOST_CHARACTERS:
        raise BadPolicy(f"The file is longer than {MOST_CHARACTERS:,} characters: that is no policy.")
    try:
        document = yaml.load(text, Loader=_Strict)  # noqa: S506  # a safe loader
        tree = yaml.compose(text, Loader=_Strict)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"Line {mark.line + 1}: " if mark else ""
        raise BadPolicy(f"{where}this is not YAML as expected ({error.problem or 'unreadable'}).") from None
    except (yaml.YAMLError, ValueError) as error:
        raise BadPolicy(f"This is not YAML as expected ({error}).") from None
    if not isinstance(document, Mapping):
        raise BadPolicy("A policy is a list of keys with their values; this is something else.")
    try:
        return policy_from(document)
    except BadPolicy:
        raise BadPolicy(*faults_of(document, lines_of(tree))) from None


def lines_in(text: str) -> dict[str, int]:
    """Where each setting and each key of the head stands in a text that can be read, counted from 1."""
    return lines_of(yaml.compose(text, Loader=_Strict))


def read_file(path: Path) -> SchemePolicy:
    """The policy of a file. Raises BadPolicy, also for a file that cannot be read."""
    try:
        return read_text(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadPolicy(f"{path}: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise BadPolicy(f"{path}: this is no text file.") from None


def write_text(policy: SchemePolicy) -> str:
    """The policy as YAML: sections in their order, each setting on its line, silences as null."""
    document = document_of(policy)
    settings, roles, conflicts = (document.pop(name) for name in ("settings", "roles", "conflicts"))
    lines = [_line(key, value) for key, value in document.items() if value is not None]
    lines += ["", "# The posts and bodies the document names.", *_rows("roles", roles)]
    lines += ["", "# Where the document contradicts itself, and how it is read.", *_rows("conflicts", conflicts)]
    lines += ["", "settings:"]
    for section in SECTIONS:
        lines += ["", f"  # ---- {section}"]
        for setting in SETTINGS:
            if setting.section == section:
                lines += _setting(setting.name, settings[setting.name])  # type: ignore[index]  # a mapping by then
    return "\n".join(lines) + "\n"


def _setting(name: str, term: object) -> list[str]:
    if not isinstance(term, Mapping):
        return [f"  {name}: null"]
    whole = f"  {name}: {_flow(term)}"
    if len(whole) <= _WIDTH:
        return [whole]
    lines = [f"  {name}:"]
    for key, value in term.items():
        if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            lines += [f"    {key}:", *(line for one in value for line in _item(one, "      "))]
        else:
            lines.append(f"    {key}: {_flow(value)}")
    return lines


def _rows(name: str, rows: object) -> list[str]:
    if not isinstance(rows, list) or not rows:
        return [f"{name}: []"]
    return [f"{name}:", *(line for row in rows for line in _item(row, "  "))]


def _item(row: Mapping[str, object], indent: str) -> list[str]:
    """A row of a list, in one line where it fits."""
    whole = f"{indent}- {_flow(row)}"
    if len(whole) <= _WIDTH:
        return [whole]
    marks = ("- ", *("  " for _ in row))
    return [f"{indent}{mark}{key}: {_flow(value)}" for mark, (key, value) in zip(marks, row.items(), strict=False)]


def _line(key: str, value: object) -> str:
    return f"{key}: {_flow(value)}"


def _flow(value: object) -> str:
    """A value as YAML in one line: words bare where they may be, all other text quoted."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    if isinstance(value, str) and _bare(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _bare(text: str) -> bool:
    plain = bool(text) and text[0].isalpha() and all(c.isalnum() or c in "_-." for c in text)
    return plain and isinstance(yaml.safe_load(text), str)
