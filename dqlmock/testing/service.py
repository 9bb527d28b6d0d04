"""What DynamoDB's operations are called, take and answer: a test's slip of the pen is refused.

Owns the look-ups in the service model by which names in filters and stubs are checked. A filter for
an operation that doesn't exist would find nothing, and `never()` would always hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from functools import cache

from dqlmock.errors import DqlmockError
from dqlmock.shapes.model import ServiceModel, service_model

_SERVICES = ("dynamodb", "dynamodbstreams")


@cache
def model_of(operation: str) -> ServiceModel:
    """Return the model of the service that has an operation.

    Raises:
        DqlmockError: None has.

    >>> model_of("GetItems")
    Traceback (most recent call last):
    dqlmock.errors.DqlmockError: DynamoDB has no operation 'GetItems'. Did you mean 'GetItem'?
    """
    for service in _SERVICES:
        if operation in service_model(service).operations():
            return service_model(service)
    known = [name for service in _SERVICES for name in service_model(service).operations()]
    raise DqlmockError(f"DynamoDB has no operation {operation!r}.{did_you_mean(operation, known)}")


def check_parameters(operation: str, names: Iterable[str]) -> None:
    """Check that an operation has the parameters named.

    Raises:
        DqlmockError: It has not.

    >>> check_parameters("Query", ["Limitt"])
    Traceback (most recent call last):
    dqlmock.errors.DqlmockError: Query has no parameter 'Limitt'. Did you mean 'Limit'?
    """
    members = model_of(operation).input_shape(operation).members
    for name in names:
        if name not in members:
            raise DqlmockError(
                f"{operation} has no parameter {name!r}.{did_you_mean(name, members)}"
            )


def did_you_mean(name: str, known: Collection[str]) -> str:
    """Return the question that ends a message on an unknown name; empty where nothing is close.

    >>> did_you_mean("Itm", ["Item", "ConsumedCapacity"])
    " Did you mean 'Item'?"
    """
    close = get_close_matches(name, known, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
