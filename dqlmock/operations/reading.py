"""What reads share: the projection, and where Query and Scan read and what a page answers.

Owns the rules between Select, projections, filters and indexes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from dqlmock.engine.capacity import Consumed, read_units
from dqlmock.engine.database import Database
from dqlmock.engine.keys import index_key, primary_key
from dqlmock.engine.read import Accept, Page
from dqlmock.engine.schema import IndexSchema, KeySchema
from dqlmock.engine.table import Table
from dqlmock.errors import Family, ValidationException
from dqlmock.expressions.compile import Filter
from dqlmock.expressions.legacy import attributes_to_get
from dqlmock.expressions.projection import Projection
from dqlmock.operations.capacity import Result, charge_read
from dqlmock.operations.parameters import expressions_of
from dqlmock.set_order import hash_set_order
from dqlmock.storage.protocol import Keyspace, StoredItem
from dqlmock.values.types import Attributes

_PROJECTING = ("ProjectionExpression", "AttributesToGet")


def check_specific_attributes(request: dict[str, Any]) -> None:
    """Check that a request which selects some attributes says which.

    Raises:
        ValidationException: It does not.
    """
    if request.get("Select") == "SPECIFIC_ATTRIBUTES" and not _projecting(request):
        raise ValidationException(
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
            "SPECIFIC_ATTRIBUTES",
            Family.SELECT,
        )


def check_select(request: dict[str, Any]) -> None:
    """Check Select against the other parameters, once the table is known (DynamoDB Local).

    Raises:
        ValidationException: A projection where Select says otherwise, or what an index projects
            where none is read.
    """
    select = request.get("Select")
    if select is None or select == "SPECIFIC_ATTRIBUTES":
        return
    projecting = _projecting(request)
    if projecting is not None:
        chosen = "only the Count" if select == "COUNT" else select
        # Enveloped on Query, not on Scan: ExtendDB/extenddb pull request 211, July 2026.
        raise ValidationException(
            f"Cannot specify the {projecting} when choosing to get {chosen}", Family.SELECT
        )
    if select == "ALL_PROJECTED_ATTRIBUTES" and "IndexName" not in request:
        raise ValidationException(
            "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"
        )


def _projecting(request: dict[str, Any]) -> str | None:
    return next((name for name in _PROJECTING if name in request), None)


def listed_projection(request: dict[str, Any]) -> Projection | None:
    """Return what AttributesToGet means, None where the request has none.

    Its faults are told before those of a start key's values (dynalite's tests of Query and Scan).

    Raises:
        ValidationException: A name is given twice, or is empty.
    """
    names = request.get("AttributesToGet")
    return attributes_to_get(names) if names is not None else None


def item_projection(request: dict[str, Any]) -> Projection | None:
    """Return the projection of a read of single items, which has no other expression."""
    if "ProjectionExpression" not in request and "AttributesToGet" not in request:
        return None
    expressions = expressions_of(request)
    projection = listed_projection(request)
    if projection is None:
        projection = expressions.projection(request["ProjectionExpression"])
    expressions.finish()
    return projection


@dataclass(slots=True)
class Source:
    """Where a Query or Scan reads: a table, or one of its indexes.

    Args:
        table: The table.
        index: The index, or None for the table itself.
    """

    table: Table
    index: IndexSchema | None

    @classmethod
    def of(cls, database: Database, request: dict[str, Any]) -> Source:
        """Return the source a request names.

        Raises:
            ResourceNotFoundException: No such table.
            ValidationException: No such index, one that is still being filled, or a strongly
                consistent read of a global one.
        """
        table = database.table(request["TableName"])
        name = request.get("IndexName")
        if name is None:
            return cls(table, None)
        index = table.index(name)
        if index.schema.is_global:
            if request.get("ConsistentRead"):
                raise ValidationException(
                    "Consistent reads are not supported on global secondary indexes"
                )
            if not table.settings.indexes[name].is_readable(database.clock.now_s()):
                # github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1075
                raise ValidationException("Cannot read from backfilling global secondary index")
        return cls(table, index.schema)

    @property
    def key(self) -> KeySchema:
        """The key schema that orders the source."""
        return self.index.key if self.index else self.table.schema.key

    @property
    def keyspace(self) -> Keyspace:
        """The items in that order."""
        return self.table.indexes[self.index.name].keyspace if self.index else self.table.keyspace

    @property
    def position_names(self) -> tuple[str, ...]:
        """The attributes that name a position: the table's key and the index's."""
        names = self.table.schema.key.names
        if self.index is None:
            return names
        return names + tuple(name for name in self.index.key.names if name not in names)

    def position_of(self, item: StoredItem) -> Attributes:
        """Return an item's position, as LastEvaluatedKey shows it."""
        attributes = item.attributes()
        return {name: attributes[name] for name in self.position_names}

    def storage_key(self, position: Attributes) -> bytes:
        """Return where a checked position stands in the keyspace."""
        key = primary_key(self.table.schema, position)
        if self.index is None:
            return key
        return index_key(self.index, position, key)

    @property
    def is_complete(self) -> bool:
        """Whether it holds all attributes of its items."""
        return self.index is None or self.table.schema.projected_names(self.index) is None

    def check_all_attributes(self, request: dict[str, Any]) -> None:
        """Check that a request doesn't select all attributes where a global index lacks some.

        Raises:
            ValidationException: It does.
        """
        index = self.index
        if index is None or not index.is_global or request.get("Select") != "ALL_ATTRIBUTES":
            return
        if not self.is_complete:
            raise ValidationException(
                "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not "
                f"supported for global secondary index {index.name} because its projection type "
                "is not ALL"
            )

    def check_filtered(self, names: Collection[str]) -> None:
        """Check that the source holds the attributes that a Query filters by.

        Told of a Query alone, and of a SELECT that gives the index's partition key: a Scan filters
        by what the index holds (captures of August 2026 in github.com/nubo-db/dynoxide; DynamoDB
        Local refuses a Query too).

        Raises:
            ValidationException: It lacks some.
        """
        missing = self.lacks(names)
        if self.index is not None and missing:
            raise ValidationException(
                f"One or more parameter values were invalid: Secondary index {self.index.name} "
                f"does not project one or more filter attributes: [{', '.join(sorted(missing))}]"
            )

    def lacks(self, names: Collection[str]) -> list[str]:
        """Return those attribute names that the source doesn't hold."""
        if self.index is None:
            return []
        held = self.table.schema.projected_names(self.index)
        return [] if held is None else [name for name in names if name not in held]


@dataclass(slots=True)
class Selection:
    """What becomes of the items read.

    Args:
        source: Where they are read.
        predicate: The filter, if there is one.
        projection: The projection, if there is one.
        fetched: Sizes of the items of a local index that were completed from the table and are not
            charged yet; None where none is to be completed.
    """

    source: Source
    predicate: Filter | None
    projection: Projection | None
    fetched: list[int] | None

    @classmethod
    def of(
        cls,
        source: Source,
        request: dict[str, Any],
        predicate: Filter | None,
        projection: Projection | None,
    ) -> Selection:
        """Check what a request selects against what its source holds.

        Raises:
            ValidationException: A global index is asked for attributes it doesn't hold.
        """
        index = source.index
        if index is None:
            return cls(source, predicate, projection, None)
        missing = source.lacks(projection.roots) if projection else []
        if not index.is_global:
            wants_all = request.get("Select") == "ALL_ATTRIBUTES"
            fetches = bool(missing) or (wants_all and not source.is_complete)
            return cls(source, predicate, projection, [] if fetches else None)
        if missing:
            raise ValidationException(
                "One or more parameter values were invalid: Global secondary index "
                f"{index.name} does not project [{', '.join(hash_set_order(missing))}]"
            )
        return cls(source, predicate, projection, None)

    def accept(self) -> Accept | None:
        """Return the filter and projection as one function, None where every item is returned."""
        if self.predicate is None and self.projection is None and self.fetched is None:
            return None

        def accept(item: StoredItem) -> StoredItem | None:
            attributes = item.attributes()
            if self.fetched is not None:
                # Whether or not the filter drops it: three items of 9 KB cost 4.5 either way
                # (measured: nubo-db/dynoxide#190).
                item = self._fetch(attributes) or item
                self.fetched.append(item.size_bytes)
            if self.predicate is not None and not self.predicate(attributes):
                return None
            if self.projection is None:
                return item
            if self.fetched is not None:
                attributes = item.attributes()
            return StoredItem.of(self.projection.apply(attributes), item.size_bytes)

        return accept

    def _fetch(self, entry: Attributes) -> StoredItem | None:
        table = self.source.table
        return table.keyspace.get(primary_key(table.schema, entry))

    def answer(self, request: dict[str, Any], page: Page) -> dict[str, Any]:
        """Return the answer's members for a page."""
        result = Result()
        if request.get("Select") != "COUNT":
            result["Items"] = page.items
        result["Count"] = len(page.items)
        result["ScannedCount"] = page.scanned
        if page.last is not None:
            result["LastEvaluatedKey"] = self.source.position_of(page.last)
        charge_read(result, request, page_units, *self.charged(request, page))
        return result

    def charged(
        self, request: dict[str, Any], page: Page
    ) -> tuple[int, bool, IndexSchema | None, float]:
        """Return what a page is charged by: what `page_units` takes, without the items."""
        strong = request.get("ConsistentRead", False)
        fetched = 0.0
        if self.fetched:  # each item fetched is rounded up by itself
            fetched = sum(read_units(size_bytes, strong=strong) for size_bytes in self.fetched)
            self.fetched.clear()
        return page.size_bytes, strong, self.source.index, fetched


def page_units(
    size_bytes: int, strong: bool, index: IndexSchema | None, fetched: float
) -> Consumed:
    """Return the units of a page of Query or Scan, by table and index.

    Args:
        size_bytes: Of the items read.
        strong: Strongly consistent.
        index: The index that was read.
        fetched: Units of the items that were completed from the table.
    """
    units = read_units(size_bytes, strong=strong)
    if index is None:
        return Consumed(units)
    if index.is_global:
        return Consumed(glob={index.name: units})
    return Consumed(fetched, local={index.name: units})
