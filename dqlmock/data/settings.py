"""From JSON back to a table's keys and settings: what `dataclasses.asdict` made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from dqlmock.engine.schema import IndexSchema, KeySchema, ProjectionType, TableSchema
from dqlmock.engine.settings import (
    ContributorInsights,
    IndexSettings,
    KinesisDestination,
    OnDemandMaxima,
    PointInTimeRecovery,
    ResourcePolicy,
    Restoration,
    StreamSettings,
    TableClass,
    TableSettings,
    Throughput,
    TimeToLive,
    WarmThroughput,
)

Made = TypeVar("Made")


def schema_from(plain: Mapping[str, Any]) -> TableSchema:
    """Return the schema of a table.

    Raises:
        KeyError, TypeError, ValueError: It is none.
    """
    indexes = {name: _index_schema(index) for name, index in plain["indexes"].items()}
    return TableSchema(_key(plain["key"]), dict(plain["types"]), indexes)


def settings_from(plain: Mapping[str, Any]) -> TableSettings:
    """Return the settings of a table that nothing is under way with.

    Raises:
        KeyError, TypeError, ValueError: They are none.
    """
    return TableSettings(
        **{
            **plain,
            "throughput": _throughput(plain["throughput"]),
            "indexes": {name: _index(index) for name, index in plain["indexes"].items()},
            "on_demand": _made(OnDemandMaxima, plain["on_demand"]),
            "warm": _made(WarmThroughput, plain["warm"]),
            "stream": _made(StreamSettings, plain["stream"]),
            "kinesis": {
                arn: KinesisDestination(**destination)
                for arn, destination in plain.get("kinesis", {}).items()
            },
            "time_to_live": _made(TimeToLive, plain["time_to_live"]),
            "recovery": _made(PointInTimeRecovery, plain.get("recovery")),
            "insights": {
                name: ContributorInsights(**insights)
                for name, insights in plain.get("insights", {}).items()
            },
            "table_class": _made(TableClass, plain["table_class"]),
            "restoration": _made(Restoration, plain.get("restoration")),
            "resource_policy": _made(ResourcePolicy, plain["resource_policy"]),
            "encryption_changes_s": tuple(plain.get("encryption_changes_s", ())),
            "transition": None,
        }
    )


def _made(make: Callable[..., Made], plain: Mapping[str, Any] | None) -> Made | None:
    return None if plain is None else make(**plain)


def _throughput(plain: Mapping[str, Any]) -> Throughput:
    return Throughput(**plain)


def _key(plain: Mapping[str, Any]) -> KeySchema:
    return KeySchema(tuple(plain["partition"]), tuple(plain["sort"]))


def _index_schema(plain: Mapping[str, Any]) -> IndexSchema:
    return IndexSchema(
        plain["name"],
        _key(plain["key"]),
        plain["is_global"],
        ProjectionType(plain["projection"]),
        tuple(plain["non_key_attributes"]),
    )


def _index(plain: Mapping[str, Any]) -> IndexSettings:
    return IndexSettings(
        **{
            **plain,
            "schema": _index_schema(plain["schema"]),
            "throughput": _throughput(plain["throughput"]),
            "on_demand": _made(OnDemandMaxima, plain["on_demand"]),
            "warm": _made(WarmThroughput, plain["warm"]),
            "transition": None,
        }
    )
