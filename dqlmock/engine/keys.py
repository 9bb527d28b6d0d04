"""From attributes to storage keys: which values may be keys, and what AWS says of others.

Owns the rules on key values and the layout of storage keys for a table and its indexes. Knows no
items' other attributes and no requests.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dqlmock.engine.schema import IndexSchema, KeySchema, TableSchema
from dqlmock.errors import Family, ValidationException
from dqlmock.limits import PARTITION_KEY_SIZE_BYTES, SORT_KEY_SIZE_BYTES
from dqlmock.values.keys import partition_prefix, storage_key
from dqlmock.values.size import value_size_bytes
from dqlmock.values.types import Attributes, AttributeValue

KEY_MISMATCH = "The provided key element does not match the schema"
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
        raise ValidationException(KEY_MISMATCH, Family.KEY_MATCH)
    return matching_key(schema, key)


def matching_key(schema: TableSchema, attributes: Attributes) -> bytes:
    """Check that attributes hold a key of the table and return its storage key.

    Raises:
        ValidationException: A key attribute is missing, of a wrong type, empty or oversized.
    """
    if not _has_plain_key(schema, attributes):
        types = schema.types
        for name in schema.key.names:
            value = attributes.get(name)
            if value is None or types[name] not in value:
                raise ValidationException(KEY_MISMATCH, Family.KEY_MATCH)
            _check_key_value(schema, name, value)
    return primary_key(schema, attributes)


def item_key(schema: TableSchema, item: Attributes) -> bytes:
    """Check an item's key attributes, for the table and its indexes, and return its storage key.

    Raises:
        ValidationException: A key attribute is missing, of a wrong type, empty or oversized.
    """
    if not _has_plain_key(schema, item):
        _check_item_key(schema, item)
    if schema.indexes:
        check_index_keys(schema, item)
    return primary_key(schema, item)


def _check_item_key(schema: TableSchema, item: Attributes) -> None:
    types = schema.types
    for name in schema.key.names:
        value = item.get(name)
        if value is None:
            raise ValidationException(
                f"One or more parameter values were invalid: Missing the key {name} in the item",
                Family.KEY_MATCH,
            )
        if types[name] not in value:
            raise ValidationException(
                "One or more parameter values were invalid: Type mismatch for key "
                f"{name} expected: {types[name]} actual: {type_of(value)}",
                Family.KEY_MATCH,
            )
        _check_key_value(schema, name, value)


def check_index_keys(schema: TableSchema, item: Attributes) -> None:
    """Check the values that an item to be put has for the keys of its table's indexes.

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
                raise _index_type_mismatch(schema, index, name, type_of(value))
            check_index_value_not_empty(index, name, value)
        check_key_sizes(index.key, item)


def check_index_key_type(schema: TableSchema, name: str, found: str) -> None:
    """Check the type that an update is about to give an attribute.

    Args:
        schema: The table's.
        name: The attribute.
        found: The type tag of the value it is to have.

    Raises:
        ValidationException: It is an index key of another type.
    """
    if name not in schema.types or schema.types[name] == found:
        return
    for index in schema.indexes.values():
        if name in index.key.names:
            raise _index_type_mismatch(schema, index, name, found)


def check_given_index_key(schema: TableSchema, name: str, value: AttributeValue) -> None:
    """Check a value that an update is about to give an attribute.

    AWS judges it with the request: a transaction is refused, not cancelled (ExtendDB/extenddb#184,
    nubo-db/dynoxide#99 and #104).

    Raises:
        ValidationException: It is empty, and the attribute is an index key.
    """
    if name in schema.types and any(name in index.key.names for index in schema.indexes.values()):
        _check_updated_value_not_empty(value)


def check_updated_index_keys(schema: TableSchema, item: Attributes) -> None:
    """Check the values that an updated item has for the keys of its table's indexes.

    The whole item is checked: a value that never was a key, because it is older than its index,
    stands in the way of every update (stackoverflow.com/questions/58032718).

    Raises:
        ValidationException: A value of a wrong type, empty or oversized, in the words for updates
            (API_TransactWriteItems lists them).
    """
    for index in schema.indexes.values():
        for name in index.key.names:
            value = item.get(name)
            if value is None or name in schema.key.names:
                continue
            if schema.types[name] not in value:
                raise ValidationException(
                    "The update expression attempted to update the secondary index key to "
                    "unsupported type"
                )
            _check_updated_value_not_empty(value)
            limit_bytes = (
                PARTITION_KEY_SIZE_BYTES if name in index.key.partition else SORT_KEY_SIZE_BYTES
            )
            if _exceeds(value, limit_bytes):
                raise ValidationException(
                    "The update expression attempted to update the secondary index key beyond "
                    "allowed size limits"
                )


def check_scalar_keys(schema: TableSchema, nested: Collection[str]) -> None:
    """Check that no expression looks into a key attribute, as if it were a map or a list.

    Args:
        schema: The table's.
        nested: The attributes that the request's expressions look into.

    Raises:
        ValidationException: One of them is a key of the table or of an index, which one the words
            tell (dynalite and DynamoDB Local).
    """
    if not nested:
        return
    kinds = [("Key", name) for name in schema.key.names]
    kinds += [("IndexKey", name) for index in schema.indexes.values() for name in index.key.names]
    for kind, name in kinds:
        if name in nested:
            raise ValidationException(
                "Key attributes must be scalars; list random access '[]' and map lookup '.' are "
                f"not allowed: {kind}: {name}",
                Family.KEY_PATH,
            )


def is_indexed(index: IndexSchema, types: Mapping[str, str], attributes: Attributes) -> bool:
    """Tell whether an item is in an index: it has a value for every key, fit to be one.

    An item without one is left out (a sparse index), and so is an item that is older than the index
    and has another type there
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.html).

    Args:
        index: The index.
        types: The type tag of every key attribute.
        attributes: The item.
    """
    return all(name in attributes and attributes[name].get(types[name]) for name in index.key.names)


def index_key(index: IndexSchema, attributes: Attributes, key: bytes) -> bytes:
    """Return where an item stands in an index that it is in.

    Args:
        index: The index.
        attributes: The item.
        key: The item's storage key in its table, which makes the index's keys unique.
    """
    prefix = partition_prefix(*[attributes[name] for name in index.key.partition])
    return storage_key(prefix, *[attributes[name] for name in index.key.sort]) + key


def check_condition_type(schema: TableSchema, name: str, value: AttributeValue) -> None:
    """Check the type of a value that a key condition compares with a key attribute.

    Raises:
        ValidationException: It is another than the attribute's.
    """
    if schema.types[name] not in value:
        raise ValidationException(
            "One or more parameter values were invalid: "
            "Condition parameter type does not match schema type"
        )


def check_condition_value(
    schema: TableSchema, index: IndexSchema | None, name: str, value: AttributeValue
) -> None:
    """Check a value that a key condition compares with a key attribute.

    Args:
        schema: The table's.
        index: The index that is read, None for the table itself.
        name: The key attribute.
        value: What it is compared with.

    Raises:
        ValidationException: The value has another type than the attribute, or is empty.
    """
    check_condition_type(schema, name, value)
    check_condition_not_empty(index, name, value)


def check_condition_not_empty(index: IndexSchema | None, name: str, value: AttributeValue) -> None:
    """Check that a value of the right type, which a key condition has, is not empty.

    Args:
        index: The index that is read, None for the table itself.
        name: The key attribute.
        value: What it is compared with.

    Raises:
        ValidationException: It is empty.
    """
    if index is None:
        check_not_empty(name, value)
    else:
        # The table's own key too is told as a key of the index: praetorian-inc/chariot-ui#353
        # quotes AWS, DynamoDB Local agrees.
        check_index_value_not_empty(index, name, value)


def _has_plain_key(schema: TableSchema, attributes: Attributes) -> bool:
    """Tell whether all key attributes are there, of the right type and far from any limit."""
    types = schema.types
    for name in schema.key.names:
        value = attributes.get(name)
        if value is None:
            return False
        content = value.get(types[name])
        if not content or len(content) > _SHORT:
            return False
    return True


def _check_key_value(schema: TableSchema, name: str, value: AttributeValue) -> None:
    # All of one attribute before anything of the next (DynamoDB Local; dynalite, whose rules were
    # recorded of AWS).
    check_not_empty(name, value)
    if name in schema.key.partition:
        check_partition_size(value)
    else:
        check_sort_size(value)


def check_not_empty(name: str, value: AttributeValue) -> None:
    """Check a value of the table's key.

    Raises:
        ValidationException: It is empty.
    """
    for tag, content in value.items():
        if not content:
            raise ValidationException(
                "One or more parameter values are not valid. The AttributeValue for a key "
                f"attribute cannot contain an empty {_EMPTY_KINDS[tag]} value. Key: {name}",
                Family.EMPTY_KEY,
            )


def check_index_value_not_empty(index: IndexSchema, name: str, value: AttributeValue) -> None:
    """Check a value of an index's key.

    Raises:
        ValidationException: It is empty.
    """
    for tag, content in value.items():
        if not content:
            raise ValidationException(
                "One or more parameter values are not valid. A value specified for a secondary "
                "index key is not supported. The AttributeValue for a key attribute cannot contain "
                f"an empty {_EMPTY_KINDS[tag]} value. IndexName: {index.name}, IndexKey: {name}",
                Family.EMPTY_KEY,
            )


def _check_updated_value_not_empty(value: AttributeValue) -> None:
    for tag, content in value.items():
        if not content:
            raise ValidationException(
                "One or more parameter values are not valid. The update expression attempted to "
                "update a secondary index key to a value that is not supported. The AttributeValue "
                f"for a key attribute cannot contain an empty {_EMPTY_KINDS[tag]} value.",
                Family.EMPTY_KEY,
            )


def _index_type_mismatch(
    schema: TableSchema, index: IndexSchema, name: str, found: str
) -> ValidationException:
    return ValidationException(
        f"One or more parameter values were invalid: Type mismatch for Index Key {name} "
        f"Expected: {schema.types[name]} Actual: {found} IndexName: {index.name}"
    )


def check_key_sizes(key: KeySchema, attributes: Attributes) -> None:
    """Check the sizes of the values that attributes have for a key.

    Raises:
        ValidationException: One is oversized. A missing one is fine.
    """
    # The missing blank in "of2048" is AWS's.
    for name in key.partition:
        value = attributes.get(name)
        if value is not None:
            check_partition_size(value)
    for name in key.sort:
        value = attributes.get(name)
        if value is not None:
            check_sort_size(value)


def check_partition_size(value: AttributeValue) -> None:
    """Check the size of a value of a partition key.

    Raises:
        ValidationException: It is oversized.
    """
    if _exceeds(value, PARTITION_KEY_SIZE_BYTES):
        raise ValidationException(
            "One or more parameter values were invalid: Size of hashkey has exceeded the "
            f"maximum size limit of{PARTITION_KEY_SIZE_BYTES} bytes"
        )


def check_sort_size(value: AttributeValue) -> None:
    """Check the size of a value of a sort key.

    Raises:
        ValidationException: It is oversized.
    """
    if _exceeds(value, SORT_KEY_SIZE_BYTES):
        raise ValidationException(
            "One or more parameter values were invalid: Aggregated size of all range keys has "
            f"exceeded the size limit of {SORT_KEY_SIZE_BYTES} bytes"
        )


def _exceeds(value: AttributeValue, limit_bytes: int) -> bool:
    for content in value.values():
        # A character is at most four bytes of UTF-8, so short text needs no measuring.
        return len(content) * 4 > limit_bytes and value_size_bytes(value) > limit_bytes
    return False
