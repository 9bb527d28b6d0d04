"""What a test needs beside the mock itself: fixtures, tables, clients, data."""
