"""Ordered stores of bytes. Knows neither expressions nor AWS's messages."""
