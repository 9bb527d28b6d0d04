"""GlobalSecondaryIndexUpdates: what UpdateTable does to the indexes of a table.

Owns the rules on them and their work. Knows nothing of the table's own capacity but its mode.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from dqlmock.engine.database import Database
from dqlmock.engine.lifecycle import Transition
from dqlmock.engine.schema import IndexSchema, TableSchema
from dqlmock.engine.settings import IndexSettings
from dqlmock.engine.table import Table
from dqlmock.errors import (
    LimitExceededException,
    ResourceInUseException,
    ResourceNotFoundException,
    ValidationException,
)
from dqlmock.limits import GLOBAL_SECONDARY_INDEXES
from dqlmock.operations.table_definition import (
    Member,
    attribute_types,
    check_enough_defined,
    check_new_index,
    check_projected_count,
    index_schema,
    invalid,
)
from dqlmock.operations.table_throughput import (
    check_bounds,
    check_decrease,
    check_index_maxima,
    check_warm,
    keep_warm,
    maxima_of,
    throughput_of,
    unchanged_throughput,
    warm_of,
    warm_reached,
)

_ACTIONS = ("Update", "Create", "Delete")


def check_index_updates(updates: Sequence[Member]) -> None:
    """Check the rules that need no state.

    Raises:
        ValidationException: An update without an action, or two of one index.
    """
    names: set[str] = set()
    for update in updates:
        actions = [update[action] for action in _ACTIONS if action in update]
        if not actions:
            raise invalid(
                "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
                "GlobalSecondaryIndexUpdate.Delete must not be null"
            )
        for action in actions:
            name = action["IndexName"]
            if name in names:
                raise invalid(
                    "Only one global secondary index update per index is allowed simultaneously. "
                    f"Index: {name}"
                )
            names.add(name)
            check_bounds(action.get("ProvisionedThroughput"), f" for index {name}")


class IndexUpdates:
    """The index updates of one request to UpdateTable, against one table.

    The caller holds the database's lock, and calls `check` before `apply`.

    Args:
        table: The table.
        request: The request.
        on_demand: Whether the table is on demand once the request is done.
    """

    def __init__(self, table: Table, request: Member, *, on_demand: bool) -> None:
        self._table = table
        self._defined = attribute_types(request)
        self._on_demand = on_demand
        self._switches = on_demand != table.settings.is_on_demand
        updates = request.get("GlobalSecondaryIndexUpdates") or ()
        self._created = [update["Create"] for update in updates if "Create" in update]
        self._updated = [update["Update"] for update in updates if "Update" in update]
        self._deleted = [update["Delete"]["IndexName"] for update in updates if "Delete" in update]

    def check(self, now_s: float) -> None:
        """Check the rules that need the table.

        Raises:
            DynamoDBError: The first rule broken.
        """
        for update in self._updated:
            self._check_update(update, now_s)
        self._check_all_provisioned()
        for create in self._created:
            self._check_create(create)
        for name in self._deleted:
            self._check_delete(name, now_s)
        self._check_one_online()

    def _check_update(self, update: Member, now_s: float) -> None:
        name = update["IndexName"]
        index = self._table.settings.indexes.get(name)
        if index is None:
            raise ValidationException(
                "This operation cannot be performed with given input values. Please contact "
                "DynamoDB service team for more info: Action Blocked: IndexUpdate"
            )
        # "While the backfill is proceeding, you can update the provisioned throughput parameters
        # for the index." (GSI.OnlineOps)
        if index.status != "ACTIVE" and not _backfills(index, now_s):
            raise _index_in_use(self._table.name, index)
        check_index_maxima(update, on_demand=self._on_demand, lowest=(-1,))
        on_demand = self._table.settings.is_on_demand
        reached = warm_reached(index.warm, index.throughput, on_demand=on_demand)
        check_warm(update, reached, f"index {name}")
        provisioned = update.get("ProvisionedThroughput")
        if provisioned is None:
            if not update.get("OnDemandThroughput") and not update.get("WarmThroughput"):
                raise ValidationException(
                    "No provisioned throughput specified for the global secondary index"
                )
            return
        self._check_mode(name)
        asked = throughput_of(update)
        if not self._switches:
            if (asked.read_units, asked.write_units) == (
                index.throughput.read_units,
                index.throughput.write_units,
            ):
                raise unchanged_throughput(index.throughput, "index", name)
            check_decrease(index.throughput, asked, now_s)

    def _check_mode(self, name: str) -> None:
        if self._on_demand:
            raise invalid(
                "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: "
                f"{name} when BillingMode is PAY_PER_REQUEST"
            )

    def _check_all_provisioned(self) -> None:
        if self._on_demand or not self._switches:
            return
        provisioned = {
            update["IndexName"] for update in self._updated if "ProvisionedThroughput" in update
        }
        for name in self._table.settings.indexes:
            if name not in provisioned:
                raise invalid(f"ProvisionedThroughput must be specified for index: {name}")

    def _check_create(self, create: Member) -> None:
        name = create["IndexName"]
        if name in self._table.schema.indexes or name in self._table.settings.indexes:
            raise ValidationException("Attempting to create an index which already exists")
        if "ProvisionedThroughput" in create:
            self._check_mode(name)
        elif not self._on_demand:
            raise invalid(
                f"Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: {name}"
            )
        check_index_maxima(create, on_demand=self._on_demand)
        check_enough_defined(create["KeySchema"], list(self._defined))
        check_new_index(create, list(self._defined))

    def _check_delete(self, name: str, now_s: float) -> None:
        index = self._table.settings.indexes.get(name)
        if index is None:
            raise ResourceNotFoundException("Requested resource not found")
        # "You can still delete the index" while it is backfilling (GSI.OnlineOps), but not while it
        # is updated: go-to-k/cdkd#1521 (August 2026) quotes AWS.
        if index.status == "UPDATING" and not _backfills(index, now_s):
            raise _index_in_use(self._table.name, index)

    def _check_one_online(self) -> None:
        indexes = self._table.settings.indexes
        changing = [
            index
            for index in indexes.values()
            if _comes_or_goes(index) and index.schema.name not in self._deleted
        ]
        online = len(self._created) + len(self._deleted)
        if online and online + len(changing) > 1:
            raise LimitExceededException(
                "Subscriber limit exceeded: Only 1 online index can be created or deleted "
                "simultaneously per table"
            )
        if len(indexes) + len(self._created) > GLOBAL_SECONDARY_INDEXES:
            # Otherwise told than by CreateTable: hashicorp/terraform-provider-aws#6187 quotes AWS.
            raise LimitExceededException(
                "Subscriber limit exceeded: Number of global secondary indexes exceeds per-table "
                f"limit of {GLOBAL_SECONDARY_INDEXES}"
            )
        self._check_projected()

    def _check_projected(self) -> None:
        kept = [
            len(schema.non_key_attributes)
            for name, schema in self._table.schema.indexes.items()
            if name not in self._deleted
        ]
        created = [len(c["Projection"].get("NonKeyAttributes", ())) for c in self._created]
        check_projected_count([*kept, *created])

    def apply(self, database: Database, now_s: float) -> float:
        """Begin the changes.

        Returns:
            How long the table is UPDATING because of them, in seconds.
        """
        delays = database.engine.delays
        update_s = 0.0
        for update in self._updated:
            self._begin_update(update, now_s, max(delays.update_s, delays.index_update_s))
        for name in self._deleted:
            self._begin_delete(name, now_s, delays.index_delete_s)
            update_s = delays.index_delete_s
        for create in self._created:
            self._begin_create(create, now_s, delays.index_create_s)
            update_s = delays.index_create_s / 2
        return update_s

    def _begin_update(self, update: Member, now_s: float, delay_s: float) -> None:
        index = self._table.settings.indexes[update["IndexName"]]
        maxima = maxima_of(update)
        if maxima is not None:
            index.on_demand = maxima.merged_over(index.on_demand).in_force()
        keep_warm(index, on_demand=self._table.settings.is_on_demand, member=update)
        if "WarmThroughput" in update:
            index.warm_settled_s = now_s + delay_s
            if not _changes_status(update):
                return
        under_way = index.transition
        # The units that an update before this one asked for, unless it asks for others.
        finish = under_way.finish if under_way is not None else None
        if "ProvisionedThroughput" in update:
            asked = throughput_of(update)
            finish = partial(index.throughput.change, asked.read_units, asked.write_units, now_s)
        # A switch of the billing mode shows the new units at once: the AWS CLI's example of it.
        if self._switches and finish is not None:
            finish()
            finish = None
        if under_way is not None:
            index.transition = under_way.updating(finish)
        else:
            index.transition = Transition.begin("UPDATING", now_s, delay_s, finish)

    def _begin_delete(self, name: str, now_s: float, delay_s: float) -> None:
        table, settings = self._table, self._table.settings
        remaining = {n: schema for n, schema in table.schema.indexes.items() if n != name}
        table.drop_index(name, self._schema(remaining))
        local = [schema.key for schema in remaining.values() if not schema.is_global]

        def finish() -> None:
            settings.forget_index(name, [table.schema.key, *local])

        settings.indexes[name].transition = Transition.begin("DELETING", now_s, delay_s, finish)

    def _begin_create(self, create: Member, now_s: float, delay_s: float) -> None:
        table, settings = self._table, self._table.settings
        schema = index_schema(create, is_global=True)
        # AWS keeps the type an attribute already has, whatever the request says of it.
        for attribute in schema.key.names:
            settings.attribute_types.setdefault(attribute, self._defined[attribute])
        settings.indexes[schema.name] = IndexSettings(
            schema=schema,
            throughput=throughput_of(create),
            on_demand=maxima_of(create),
            warm=warm_of(create),
            transition=Transition.begin("CREATING", now_s, delay_s, backfills=True),
        )
        table.add_index(schema, self._schema({**table.schema.indexes, schema.name: schema}))

    def _schema(self, indexes: dict[str, IndexSchema]) -> TableSchema:
        key, known = self._table.schema.key, self._table.settings.attribute_types
        names = dict.fromkeys(key.names)
        for index in indexes.values():
            names.update(dict.fromkeys(index.key.names))
        return TableSchema(key, {name: known[name] for name in names}, indexes)


def are_quiet(updates: Sequence[Member]) -> bool:
    """Return whether all updates leave their indexes, and the table, ACTIVE meanwhile."""
    return all("Update" in update and not _changes_status(update["Update"]) for update in updates)


def _changes_status(update: Member) -> bool:
    # go-to-k/cdkd, PR 1808 (August 2026): while an index's warm throughput is raised, AWS shows
    # index and table ACTIVE, and takes further changes of either.
    return "ProvisionedThroughput" in update or "OnDemandThroughput" in update


def _comes_or_goes(index: IndexSettings) -> bool:
    transition = index.transition
    return transition is not None and (transition.backfills or transition.status == "DELETING")


def _backfills(index: IndexSettings, now_s: float) -> bool:
    return index.transition is not None and index.transition.is_backfilling(now_s)


def _index_in_use(table_name: str, index: IndexSettings) -> ResourceInUseException:
    done = {"CREATING": "created", "UPDATING": "updated", "DELETING": "deleted"}[index.status]
    # Two spaces: hashicorp/terraform#9559 quotes AWS so.
    return ResourceInUseException(
        "Attempt to change a resource which is still in use: "
        f"Index is being {done}.  Table: {table_name} Index: {index.schema.name}"
    )
