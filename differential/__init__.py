"""The same requests to the mock and to other servers of the API, side by side."""
