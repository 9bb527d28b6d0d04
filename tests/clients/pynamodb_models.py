"""The models that PynamoDB's tests use: needs PynamoDB."""

from __future__ import annotations

from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    ListAttribute,
    MapAttribute,
    NumberAttribute,
    TTLAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)
from pynamodb.indexes import (
    AllProjection,
    GlobalSecondaryIndex,
    IncludeProjection,
    LocalSecondaryIndex,
)
from pynamodb.models import Model


class ByStatus(GlobalSecondaryIndex):  # type: ignore[misc]  # types are skipped
    class Meta:
        index_name = "by_status"
        projection = AllProjection()

    status = UnicodeAttribute(hash_key=True)
    placed = NumberAttribute(range_key=True)


class ByPlaced(LocalSecondaryIndex):  # type: ignore[misc]  # types are skipped
    class Meta:
        index_name = "by_placed"
        projection = IncludeProjection(["status"])

    customer = UnicodeAttribute(hash_key=True)
    placed = NumberAttribute(range_key=True)


class Address(MapAttribute):  # type: ignore[misc]  # types are skipped
    city = UnicodeAttribute()


class Order(Model):  # type: ignore[misc]  # types are skipped
    class Meta:
        table_name = "orders"
        region = "eu-west-1"
        billing_mode = "PAY_PER_REQUEST"

    customer = UnicodeAttribute(hash_key=True)
    number = NumberAttribute(range_key=True)
    status = UnicodeAttribute(default="NEW")
    placed = NumberAttribute(default=0)
    paid = BooleanAttribute(default=False)
    tags = UnicodeSetAttribute(null=True)
    lines = ListAttribute(null=True)
    address = Address(null=True)
    photo = BinaryAttribute(null=True, legacy_encoding=False)
    at = UTCDateTimeAttribute(null=True)
    version = VersionAttribute()
    by_status = ByStatus()
    by_placed = ByPlaced()


class Session(Model):  # type: ignore[misc]  # types are skipped
    class Meta:
        table_name = "sessions"
        region = "eu-west-1"
        billing_mode = "PAY_PER_REQUEST"

    id = UnicodeAttribute(hash_key=True)
    expires = TTLAttribute()
