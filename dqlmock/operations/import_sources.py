"""From the objects of an import to items: how they are packed, and the formats they are in.

Knows neither tables nor S3. What no item can be made of ends its object: AWS "may skip processing
the remaining portion" (S3DataImport.Validation).
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Final

from dqlmock.errors import DqlmockError
from dqlmock.json_bytes import decode

_BROKEN: Final = (OSError, EOFError, zlib.error)


class UnreadableObject(Exception):
    """An object of which, from some place on, no item can be made."""


def check_compression(compression: str | None) -> None:
    """Refuse a compression that this Python can't undo.

    Raises:
        DqlmockError: ZSTD, before Python 3.14.
    """
    if compression == "ZSTD":
        try:
            import_module("compression.zstd")
        except ModuleNotFoundError as error:
            raise DqlmockError(
                "dqlmock can't answer InputCompressionType ZSTD: it takes Python 3.14"
            ) from error


def unpacked(body: bytes, compression: str) -> bytes:
    """Return an object's bytes as they were before they were compressed.

    Raises:
        UnreadableObject: They were not, or not so.
    """
    if compression == "NONE":
        return body
    packing: Any = gzip if compression == "GZIP" else import_module("compression.zstd")
    try:
        unpacked_body: bytes = packing.decompress(body)
    except (*_BROKEN, getattr(packing, "ZstdError", EOFError)) as error:
        raise UnreadableObject from error
    return unpacked_body


def read_items(
    body: bytes, request: Mapping[str, Any], types: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    r"""Yield the items of an object in wire form, their values unchecked.

    Args:
        body: The object, unpacked.
        request: ImportTable's: it names the format.
        types: Type tags of the key attributes: in CSV all others are text.

    Raises:
        UnreadableObject: There may be more, but no item can be made of it.

    >>> list(read_items(b"pk,n\na,1\nb,", {"InputFormat": "CSV"}, {"pk": "S"}))
    [{'pk': {'S': 'a'}, 'n': {'S': '1'}}, {'pk': {'S': 'b'}}]
    """
    if request["InputFormat"] == "CSV":
        return _csv_items(body, request.get("InputFormatOptions", {}).get("Csv", {}), types)
    return _json_items(body)


def _json_items(body: bytes) -> Iterator[dict[str, Any]]:
    for line in body.split(b"\n"):
        if not line.strip():
            continue
        try:
            document = decode(line)
        except (ValueError, RecursionError) as error:
            raise UnreadableObject from error
        item = document.get("Item") if isinstance(document, dict) else None
        if not isinstance(item, dict):
            raise UnreadableObject
        yield item


def _csv_items(
    body: bytes, options: Mapping[str, Any], types: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    header: list[str] | None = options.get("HeaderList")
    for row in _rows(body, options.get("Delimiter", ",")):
        if header is None:
            header = row
        elif len(row) != len(header):
            raise UnreadableObject
        else:
            cells = zip(header, row, strict=True)
            yield {name: {types.get(name, "S"): cell} for name, cell in cells if cell}


def _rows(body: bytes, delimiter: str) -> Iterator[list[str]]:
    try:
        text = io.StringIO(body.decode(), newline="")
        yield from (row for row in csv.reader(text, delimiter=delimiter, strict=True) if row)
    except (csv.Error, UnicodeDecodeError) as error:
        raise UnreadableObject from error
