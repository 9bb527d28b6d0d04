"""Documents in JSON and YAML, and lines of JSON: their text becomes values, a place in them a line.

Lines are looked for only where something is wrong: parsing them along would cost every load.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from json.decoder import JSONArray, JSONObject  # type: ignore[attr-defined]  # typeshed leaves them out
from json.scanner import py_make_scanner  # type: ignore[attr-defined]  # typeshed leaves it out
from pathlib import Path
from typing import Any, Final

from dqlmock.data.contents import Place
from dqlmock.data.faults import DataFileError
from dqlmock.errors import DqlmockError
from dqlmock.json_bytes import decode

_TOO_DEEP: Final = "expected JSON that is nested less deeply"
_decode = json.JSONDecoder(parse_float=Decimal).decode


def parse_json(path: Path, text: str) -> tuple[Any, Callable[[Place], int | None]]:
    """Return a JSON document, and from places to lines.

    Raises:
        DataFileError: It is none.
    """
    try:
        return _decode(text), lambda place: _json_line(text, place)
    except json.JSONDecodeError as error:
        raise DataFileError(path, error.lineno, f"expected JSON: {error.msg}") from error
    except RecursionError as error:
        raise DataFileError(path, None, _TOO_DEEP) from error


def parse_json_lines(path: Path, text: str) -> Iterator[tuple[int, Any]]:
    """Yield the documents of a file that has one on each line, with their lines.

    Raises:
        DataFileError: A line is no JSON.
    """
    # Text in JSON may hold what Python takes for the end of a line: U+2028, U+0085.
    is_wire = True
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                document = _decode_wire(line) if is_wire else None
                if document is None:  # a file is of one kind: the other lines will be plain too
                    is_wire, document = False, _decode(line)
                yield number, document
            except json.JSONDecodeError as error:
                raise DataFileError(path, number, f"expected JSON: {error.msg}") from error
            except RecursionError as error:
                raise DataFileError(path, number, _TOO_DEEP) from error


def _decode_wire(line: str) -> Any:
    """Return an item in wire form, None for anything else.

    The faster decoder rounds numbers. DynamoDB JSON has them in quotes, and maps alone above.
    """
    try:
        document = decode(line.encode())
    except ValueError:  # what is wrong, the other decoder says better
        return None
    if type(document) is dict:
        item = document["Item"] if len(document) == 1 and "Item" in document else document
        if type(item) is dict and {*map(type, item.values())} == {dict}:
            return document
    return None


class _Locating(json.JSONDecoder):
    """Notes where each object and each array starts."""

    def __init__(self) -> None:
        super().__init__()
        self.starts: dict[int, int] = {}
        self.parse_object = self._noting(JSONObject)
        self.parse_array = self._noting(JSONArray)
        self.scan_once = py_make_scanner(self)

    def _noting(self, parse: Callable[..., Any]) -> Callable[..., Any]:
        def noting(text_and_start: tuple[str, int], *rest: Any) -> Any:
            value, end = parse(text_and_start, *rest)
            self.starts[id(value)] = text_and_start[1]
            return value, end

        return noting


def _json_line(text: str, place: Place) -> int | None:
    decoder = _Locating()
    document = value = decoder.decode(text)
    start = 0
    for step in place:
        value = value[step]
        start = decoder.starts.get(id(value), start)
    del document  # lived until here: its parts are known by identity
    return text.count("\n", 0, start) + 1


def parse_yaml(path: Path, text: str) -> tuple[Any, Callable[[Place], int | None]]:
    """Return a YAML document, and from places to lines. CloudFormation's tags are understood.

    Raises:
        DataFileError: It is none.
        DqlmockError: PyYAML is not installed.
    """
    try:
        import yaml  # the extra `yaml`
    except ModuleNotFoundError as error:
        raise DqlmockError(f"{path}: YAML takes PyYAML: pip install 'dqlmock[yaml]'") from error
    from dqlmock.data.yaml_loader import Loader  # needs the extra, too

    try:
        return yaml.load(text, Loader), lambda place: _yaml_line(text, place)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = None if mark is None else mark.line + 1
        raise DataFileError(path, line, f"expected YAML: {error.problem}") from error


def _yaml_line(text: str, place: Place) -> int | None:
    import yaml  # there: the document was parsed

    from dqlmock.data.yaml_loader import Loader  # there, too

    node: Any = yaml.compose(text, Loader)
    if node is None:  # an empty file
        return 1
    line: int = node.start_mark.line
    for step in place:
        if isinstance(node, yaml.MappingNode):
            key, node = next(pair for pair in node.value if pair[0].value == str(step))
            line = key.start_mark.line
        else:
            node = node.value[step]
            line = node.start_mark.line
    return line + 1
