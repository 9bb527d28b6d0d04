"""The state: tables, items, indexes and their rules. Handed closures and key ranges, never text."""
