"""Whatever JSON a request is, it is decoded and checked, or answered as DynamoDB answers."""

from __future__ import annotations

import copy
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqlmock.errors import ConstraintViolations, DynamoDBError
from dqlmock.shapes import request_shape
from dqlmock.shapes.model import ServiceModel, Shape, service_model

OPERATIONS = [
    (service, operation)
    for service in ("dynamodb", "dynamodbstreams")
    for operation in service_model(service).operations()
]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["NONE", "YQ==", "orders", "HASH", "S"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
OF_KIND: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(max_size=4) | st.sampled_from(["orders", "NONE", "HASH", "EQ", "S"]),
    "integer": st.integers(-1, 200),
    "long": st.integers(-1, 200),
    "boolean": st.booleans(),
    "double": st.floats(0, 1),
    "timestamp": st.integers(0, 10),
    "blob": st.sampled_from(["", "YQ==", "YR==", "abc"]),
}


@st.composite
def documents(draw: st.DrawFn, model: ServiceModel, shape: Shape, depth: int = 0) -> Any:
    """JSON that has the right type nearly everywhere, so that it comes far."""
    if depth > 6 or draw(st.integers(0, 40)) == 0:
        return draw(JSON)
    if shape.kind in OF_KIND:
        return draw(OF_KIND[shape.kind])
    if shape.kind == "structure":
        if shape.name == "AttributeValue":
            members = [draw(st.sampled_from(list(shape.members)))]
        else:
            members = [m for m in shape.members if m in shape.required or draw(st.booleans())]
        return {
            m: draw(documents(model, model.shape(shape.members[m]), depth + 1)) for m in members
        }
    inner = documents(model, model.shape(shape.element), depth + 1)
    if shape.kind == "list":
        return draw(st.lists(inner, max_size=3))
    return draw(st.dictionaries(OF_KIND["string"], inner, max_size=2))


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, Any]:
    service, operation = draw(st.sampled_from(OPERATIONS))
    model = service_model(service)
    return service, operation, draw(documents(model, model.input_shape(operation)))


@given(st.sampled_from(OPERATIONS), JSON)
def test_any_json(operation: tuple[str, str], body: object) -> None:
    service, name = operation
    shape = request_shape(name, service)
    with suppress(DynamoDBError):
        request = shape.decode(body)
        assert isinstance(body, dict)
        shape.check(request)


@settings(max_examples=300)
@given(requests())
def test_requests_nearly_right(case: tuple[str, str, Any]) -> None:
    service, name, body = case
    shape = request_shape(name, service)
    before = copy.deepcopy(body)
    try:
        request = shape.decode(body)
    except DynamoDBError:
        return
    assert repr(body) == repr(before)
    assert request.keys() <= shape.members
    assert shape.decode(request) == request
    reported = list(shape._report(request, ""))
    if not reported:
        shape.check(request)
        return
    with pytest.raises(ConstraintViolations) as raised:
        shape.check(request)
    assert raised.value.violations == tuple(reported[:10])
