"""The `dqlmock` command: arguments, no logic."""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from dqlmock.errors import DqlmockError

_BAR: Final = 40


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Those after the command's name; `sys.argv`'s unless given.

    Returns:
        The exit status: 0, or 2 where the command can't be done.
    """
    parsed = _parser().parse_args(arguments)
    try:
        parsed.run(parsed)
    except (ModuleNotFoundError, OSError, DqlmockError) as error:
        print(f"dqlmock {parsed.command}: {error}", file=sys.stderr)
        return 2
    finally:
        gc.enable()
    return 0


def _serve(parsed: argparse.Namespace) -> None:
    # Nothing that is imported is garbage, and looking for some takes a tenth of the start.
    gc.disable()
    # The package loads the extra, which `dqlmock --help` does without.
    from dqlmock.server.options import ServerOptions
    from dqlmock.server.process import serve

    options = ServerOptions(
        host=parsed.host,
        port=parsed.port,
        region=parsed.region,
        account=parsed.account,
        shared_db=parsed.shared_db,
        admin=parsed.admin,
        wording=parsed.wording,
    )
    serve(options, parsed.ready_file)


def _load(parsed: argparse.Namespace) -> None:
    from dqlmock.data.remote import Endpoint, send  # the engine, which --help does without

    endpoint = Endpoint(parsed.endpoint, parsed.account, parsed.region)
    loaded = send(endpoint, parsed.paths, _bar("checked"), _bar("loaded"))
    print(f"{loaded.tables} tables and {loaded.items} items loaded")


def _dump(parsed: argparse.Namespace) -> None:
    from dqlmock.data.remote import Endpoint, fetch  # the engine, which --help does without

    document = fetch(Endpoint(parsed.endpoint, parsed.account, parsed.region), _bar("read"))
    parsed.path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"{len(document)} tables dumped to {parsed.path}")


def _bar(done_to_them: str) -> Callable[[int, int], None] | None:
    """Return what draws a progress bar; None where nobody looks."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        filled = _BAR * done // total if total else _BAR
        end = "\n" if done == total else ""
        bar = f"\r[{'#' * filled:<{_BAR}}] {done}/{total} items {done_to_them}"
        print(bar, end=end, file=sys.stderr, flush=True)

    return show


def _add_data_commands(commands: Any) -> None:
    load = commands.add_parser("load", help="load tables and items from files into a server")
    load.set_defaults(run=_load)
    load.add_argument("paths", nargs="+", type=Path, help="files, and directories of files")
    dump = commands.add_parser("dump", help="write a server's tables and items to a JSON file")
    dump.set_defaults(run=_dump)
    dump.add_argument("path", type=Path, help="the file; `dqlmock load` reads it")
    for command in (load, dump):
        command.add_argument("--endpoint", default="http://127.0.0.1:8000", help="(%(default)s)")
        command.add_argument("--region", default="us-east-1", help="(%(default)s)")
        command.add_argument("--account", default="123456789012", help="(%(default)s)")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dqlmock", description="Amazon DynamoDB for tests.")
    commands = parser.add_subparsers(required=True, dest="command")
    _add_data_commands(commands)
    server = commands.add_parser("server", help="serve DynamoDB over HTTP, for every language")
    server.set_defaults(run=_serve)
    server.add_argument("--host", default="127.0.0.1", help="address to bind to (%(default)s)")
    server.add_argument("--port", type=int, default=8000, help="0 takes a free one (%(default)s)")
    server.add_argument(
        "--region", default="us-east-1", help="of the health check and --shared-db (%(default)s)"
    )
    server.add_argument(
        "--account",
        default="123456789012",
        help="of callers whose access key isn't twelve digits (%(default)s)",
    )
    server.add_argument(
        "--shared-db", action="store_true", help="put all accounts and regions together"
    )
    server.add_argument(
        "--no-admin", dest="admin", action="store_false", help="don't answer under /_dqlmock/"
    )
    server.add_argument(
        "--wording", choices=("older", "newest"), help="of errors (default: by the region called)"
    )
    server.add_argument(
        "--ready-file", type=Path, metavar="PATH", help="written once connections are accepted"
    )
    return parser
