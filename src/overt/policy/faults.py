"""Everything that is wrong with a policy's text, each fault with its line: not only the first that is met."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import yaml

from overt.policy.rules import BadPolicy, policy_from
from overt.policy.rules.settings import BY_NAME

#: A longer list helps nobody: the first are mended, and the text is read again.
_MOST = 40
_UNKNOWN = re.compile(r"has no (?:setting )?([\w-]+)")
_NAMED = re.compile(r"([\w-]+)(?:, ([\w-]+))?[,:]")


def faults_of(document: Mapping[str, object], lines: Mapping[str, int]) -> list[str]:
    """What cannot be in a document, in the order of its lines; empty where all of it can."""
    found = list(dict.fromkeys(_faults(document)))[:_MOST]
    placed = sorted(((_line(fault, lines), fault) for fault in found), key=lambda one: one[0] or 0)
    return [f"Line {line}: {fault}" if line else fault for line, fault in placed]


def lines_of(node: yaml.Node | None) -> dict[str, int]:
    """Where each key stands: those of the head and the settings by name, a post as `roles/code`. Counted from 1."""
    found: dict[str, int] = {}
    for key, value in _pairs(node):
        found[key] = value.start_mark.line + 1 if isinstance(value, yaml.ScalarNode) else _mark(node, key)
        if key == "settings":
            found |= {name: _mark(value, name) for name, _ in _pairs(value)}
        elif isinstance(value, yaml.SequenceNode):
            for row in value.value:
                cells = {name: cell.value for name, cell in _pairs(row)}
                found[f"{key}/{cells.get('code', cells.get('id', ''))}"] = row.start_mark.line + 1
    return found


def _faults(document: Mapping[str, object]) -> Iterator[str]:
    """The head's fault, then each setting's by itself, then what only shows in the whole."""
    settings = document.get("settings")
    head = {key: value for key, value in document.items() if key != "settings"}
    whole = _refused(document)
    if whole is None:
        return
    broken = _refused(head)
    if broken is not None:
        yield broken
    if isinstance(settings, Mapping):
        for name, term in settings.items():
            fault = _refused({**({} if broken else head), "settings": {str(name): term}})
            if fault is not None and not (broken and "is no role of this document" in fault):
                yield fault
    yield whole


def _refused(document: Mapping[str, object]) -> str | None:
    try:
        policy_from(document)
    except BadPolicy as error:
        return str(error)
    return None


def _line(fault: str, lines: Mapping[str, int]) -> int | None:
    for match in (_NAMED.match(fault), _UNKNOWN.search(fault)):
        if match is None:
            continue
        words = [word for word in match.groups() if word]
        for key in ("/".join(words), *words):
            if key in lines and (key in BY_NAME or match.re is _UNKNOWN or key == words[0] or "/" in key):
                return lines[key]
    return None


def _pairs(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((str(key.value), value) for key, value in node.value)


def _mark(node: yaml.Node | None, name: str) -> int:
    assert isinstance(node, yaml.MappingNode)
    return next(key.start_mark.line + 1 for key, _ in node.value if key.value == name)
