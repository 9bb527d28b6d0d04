"""Requests checked against the service model: JSON types first, then the model's constraints.

The door is `request_shape`. The package knows neither tables nor expressions, and words no message
that depends on a region.
"""

from dqlmock.shapes.request import RequestShape, request_shape

__all__ = ["RequestShape", "request_shape"]
