"""The pipe over HTTP, for clients in other processes and other languages."""

try:
    import httptools as _httptools  # noqa: F401  (the extra is asked for by name, once, here)
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "The server needs what dqlmock leaves out by default: pip install 'dqlmock[server]'"
    ) from error

from dqlmock.server.process import ServerProcess
from dqlmock.server.thread import Server

__all__ = ["Server", "ServerProcess"]
