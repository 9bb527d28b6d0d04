"""From files to their contents: which format a file is in, and what its document means."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from dqlmock.data import cloudformation
from dqlmock.data.contents import Contents, Item, Rows
from dqlmock.data.documents import parse_json, parse_json_lines, parse_yaml
from dqlmock.data.faults import DataFileError
from dqlmock.data.tables import definition, members_of_a_table
from dqlmock.data.tabular import read_csv
from dqlmock.data.terraform import read_terraform
from dqlmock.errors import DqlmockError
from dqlmock.testing.service import did_you_mean

_GZIP: Final = ".gz"


def find_files(paths: Iterable[str | Path]) -> Iterator[Path]:
    """Yield files, and those of directories in the order of their names.

    In a directory, what isn't data is left alone.

    Raises:
        DqlmockError: There is no such file, or it is in no format that can be read.
    """
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if _reader(each) is not None)
        elif not path.is_file():
            raise DqlmockError(f"There is no file {path}")
        elif _reader(path) is None:
            raise DataFileError(path, None, f"expected a file named {', '.join(_READERS)}")
        else:
            yield path


def read(path: Path) -> Contents:
    """Return what a file holds.

    Raises:
        DataFileError: It isn't what its name says.
    """
    reader = _reader(path)
    assert reader is not None
    content = path.read_bytes()
    if path.suffix == _GZIP:
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise DataFileError(path, None, f"expected a file packed by gzip: {error}") from error
        path = path.with_suffix("")
    try:
        return reader(path, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataFileError(path, line, "expected UTF-8") from error


def _reader(path: Path) -> Callable[[Path, str], Contents] | None:
    suffix = path.with_suffix("").suffix if path.suffix == _GZIP else path.suffix
    return _READERS.get(suffix)


def _read_json(path: Path, text: str) -> Contents:
    try:
        document, line_of = parse_json(path, text)
    except DataFileError:
        # An export of DynamoDB to S3 has a document on each line, under the same suffix.
        if text.lstrip()[:1] == "{" and len(text.strip().splitlines()) > 1:
            first = text.lstrip().partition("\n")[0].rstrip()
            if first.endswith("}"):
                return _read_json_lines(path, text)
        raise
    contents = Contents(path, line_of)
    _interpret(contents, document)
    return contents


def _read_yaml(path: Path, text: str) -> Contents:
    document, line_of = parse_yaml(path, text)
    contents = Contents(path, line_of)
    _interpret(contents, document)
    return contents


def _read_json_lines(path: Path, text: str) -> Contents:
    contents = Contents(path, lambda line: int(line))
    table = path.stem

    def items() -> Iterator[Item]:
        for line, item in parse_json_lines(path, text):
            if type(item) is not dict:
                raise contents.fault(line, f"expected an item, found {item!r}")
            attributes = item["Item"] if len(item) == 1 and "Item" in item else item
            yield Item(table, attributes, line)

    contents.rows = Rows(sum(1 for line in text.split("\n") if line.strip()), items)
    return contents


def _interpret(contents: Contents, document: Any) -> None:
    table = contents.path.stem
    if isinstance(document, list):
        contents.add_items(table, document, ())
    elif not isinstance(document, Mapping):
        raise contents.fault((), f"expected tables or items, found {document!r}")
    elif cloudformation.is_template(document):
        cloudformation.add_tables(contents, document)
    elif "KeySchema" in document:
        contents.tables.append((definition(document.get("TableName", table), document), ()))
    elif isinstance(document.get("Items"), list):  # what Scan and Query answer
        contents.add_items(table, document["Items"], ("Items",))
    elif list(document) == ["Item"]:
        contents.add_items(table, [document["Item"]], ())
    else:
        for name, body in document.items():
            _add_table(contents, str(name), body)


def _add_table(contents: Contents, name: str, body: Any) -> None:
    if isinstance(body, list):
        contents.add_items(name, body, (name,))
        return
    if not isinstance(body, Mapping) or not ({"keys", "KeySchema", "items"} & body.keys()):
        raise contents.fault(
            (name,), f"expected table {name!r} to have keys, CreateTable's members, or items"
        )
    members = {member: value for member, value in body.items() if member != "items"}
    known = {*members_of_a_table(), "keys", "items"}
    for member in body:
        if member not in known:
            reason = f"table {name!r} has no member {member!r}.{did_you_mean(str(member), known)}"
            raise contents.fault((name,), reason)
    if members:
        try:
            request = definition(name, members.pop("keys", None) or members)
        except DqlmockError as error:
            raise contents.fault((name,), str(error)) from error
        contents.tables.append(({**request, **members}, (name,)))
    if "items" in body:
        contents.add_items(name, body["items"], (name, "items"))


_READERS: Final[dict[str, Callable[[Path, str], Contents]]] = {
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    ".json": _read_json,
    ".jsonl": _read_json_lines,
    ".ndjson": _read_json_lines,
    ".csv": read_csv,
    ".tf": read_terraform,
}
