"""From attributes to storage keys: which values may be keys, and what AWS says of others.

Owns the rules on key values and the layout of storage keys for a table and its indexes. Knows no
items' other attributes and no requests.
"""

from __future__ import annotations

from dqlmock.engine.schema import IndexSchema, TableSchema
from dqlmock.errors import Family, ValidationException
from dqlmock.limits import PARTITION_KEY_SIZE_BYTES, SORT_KEY_SIZE_BYTES
from dqlmock.values.keys import partition_prefix, storage_key
from dqlmock.values.size import value_size_bytes
from dqlmock.values.types import Attributes, AttributeValue

_KEY_MISMATCH = "The provided key element does not match the schema"
_SHORT = SORT_KEY_SIZE_BYTES // 4  # characters: as UTF-8 they fit any key
_EMPTY_KINDS = {"S": "string", "B": "binary"}


def type_of(value: AttributeValue) -> str:
    """Return a value's type tag.

    >>> type_of({"S": "text"})
    'S'
    """
    return next(iter(value))


def primary_key(schema: TableSchema, attributes: Attributes) -> bytes:
    """Return the storage key of an item whose key attributes are known to be valid."""
    key = schema.key
    prefix = partition_prefix(attributes[key.partition[0]])
    if key.sort:
        return storage_key(prefix, attributes[key.sort[0]])
    return prefix


def partition_of(schema: TableSchema, attributes: Attributes) -> bytes:
    """Return the prefix that all items with the same partition key share."""
    return partition_prefix(attributes[schema.key.partition[0]])


def requested_key(schema: TableSchema, key: Attributes) -> bytes:
    """Check a `Key` parameter against the table and return its storage key.

    Raises:
        ValidationException: Other attributes than the key's, a wrong type, an empty or an
            oversized value.
    """
    if len(key) != len(schema.key.names):
        raise ValidationException(_KEY_MISMATCH)
    return matching_key(schema, key)


def matching_key(schema: TableSchema, attributes: Attributes) -> bytes:
    """Check that attributes hold a key of the table and return its storage key.

    Raises:
        ValidationException: A key attribute is missing, of a wrong type, empty or oversized.
    """
    types = schema.types
    for name in schema.key.names:
        value = attributes.get(name)
        if value is None or types[name] not in value:
            raise ValidationException(_KEY_MISMATCH)
    _check_key_values(schema, attributes)
    return primary_key(schema, attributes)


def item_key(schema: TableSchema, item: Attributes) -> bytes:
    """Check an item's key attributes, for the table and its indexes, and return its storage key.

    Raises:
        ValidationException: A key attribute is missing, of a wrong type, empty or oversized.
    """
    types = schema.types
    for name in schema.key.names:
        value = item.get(name)
        if value is None:
            raise ValidationException(
                f"One or more parameter values were invalid: Missing the key {name} in the item"
            )
        if types[name] not in value:
            raise ValidationException(
                "One or more parameter values were invalid: Type mismatch for key "
                f"{name} expected: {types[name]} actual: {type_of(value)}"
            )
    _check_key_values(schema, item)
    if schema.indexes:
        check_index_keys(schema, item)
    return primary_key(schema, item)


def check_index_keys(schema: TableSchema, item: Attributes) -> None:
    """Check the values an item has for the keys of its table's indexes.

    Raises:
        ValidationException: A value of a wrong type, empty or oversized. A missing one is fine:
            the item isn't in that index.
    """
    for index in schema.indexes.values():
        for name in index.key.names:
            value = item.get(name)
            if value is None or name in schema.key.names:
                continue
            if schema.types[name] not in value:
                raise ValidationException(
                    "One or more parameter values were invalid: Type mismatch for Index Key "
                    f"{name} Expected: {schema.types[name]} Actual: {type_of(value)} "
                    f"IndexName: {index.name}"
                )
            _check_index_value_not_empty(index, name, value)
        _check_sizes(index.key.partition, index.key.sort, item)


def is_indexed(index: IndexSchema, attributes: Attributes) -> bool:
    """Tell whether an item is in an index: it has every key attribute (a sparse index)."""
    return all(name in attributes for name in index.key.names)


def index_key(index: IndexSchema, attributes: Attributes, key: bytes) -> bytes:
    """Return where an item stands in an index that it is in.

    Args:
        index: The index.
        attributes: The item.
        key: The item's storage key in its table, which makes the index's keys unique.
    """
    prefix = partition_prefix(*[attributes[name] for name in index.key.partition])
    return storage_key(prefix, *[attributes[name] for name in index.key.sort]) + key


def check_condition_value(schema: TableSchema, name: str, value: AttributeValue) -> None:
    """Check a value that a key condition compares with a key attribute.

    Raises:
        ValidationException: The value has another type than the attribute, or is empty.
    """
    if schema.types[name] not in value:
        raise ValidationException(
            "One or more parameter values were invalid: "
            "Condition parameter type does not match schema type"
        )
    _check_not_empty(name, value)


def _check_key_values(schema: TableSchema, attributes: Attributes) -> None:
    for name in schema.key.names:
        for content in attributes[name].values():
            if not 0 < len(content) <= _SHORT:
                _check_key_values_closely(schema, attributes)
                return


def _check_key_values_closely(schema: TableSchema, attributes: Attributes) -> None:
    for name in schema.key.names:
        _check_not_empty(name, attributes[name])
    _check_sizes(schema.key.partition, schema.key.sort, attributes)


def _check_not_empty(name: str, value: AttributeValue) -> None:
    for tag, content in value.items():
        if not content:
            raise ValidationException(
                "One or more parameter values are not valid. The AttributeValue for a key "
                f"attribute cannot contain an empty {_EMPTY_KINDS[tag]} value. Key: {name}",
                Family.EMPTY_KEY,
            )


def _check_index_value_not_empty(index: IndexSchema, name: str, value: AttributeValue) -> None:
    for tag, content in value.items():
        if not content:
            raise ValidationException(
                "One or more parameter values are not valid. A value specified for a secondary "
                "index key is not supported. The AttributeValue for a key attribute cannot contain "
                f"an empty {_EMPTY_KINDS[tag]} value. IndexName: {index.name}, IndexKey: {name}",
                Family.EMPTY_KEY,
            )


def _check_sizes(partition: tuple[str, ...], sort: tuple[str, ...], attributes: Attributes) -> None:
    # The missing blank in "of2048" is AWS's.
    for name in partition:
        value = attributes.get(name)
        if value is not None and _exceeds(value, PARTITION_KEY_SIZE_BYTES):
            raise ValidationException(
                "One or more parameter values were invalid: Size of hashkey has exceeded the "
                f"maximum size limit of{PARTITION_KEY_SIZE_BYTES} bytes"
            )
    for name in sort:
        value = attributes.get(name)
        if value is not None and _exceeds(value, SORT_KEY_SIZE_BYTES):
            raise ValidationException(
                "One or more parameter values were invalid: Aggregated size of all range keys has "
                f"exceeded the size limit of {SORT_KEY_SIZE_BYTES} bytes"
            )


def _exceeds(value: AttributeValue, limit_bytes: int) -> bool:
    for content in value.values():
        # A character is at most four bytes of UTF-8, so short text needs no measuring.
        return len(content) * 4 > limit_bytes and value_size_bytes(value) > limit_bytes
    return False
