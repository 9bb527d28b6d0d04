"""Bytes to bytes: the one pipe that every door opens into."""
