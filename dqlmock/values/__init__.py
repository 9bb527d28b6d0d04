"""Attribute values: numbers, sizes, keys. Knows nothing of tables, expressions or requests."""
