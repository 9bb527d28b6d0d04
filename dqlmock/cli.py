"""The `dqlmock` command: arguments, no logic."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from pathlib import Path

from dqlmock.errors import DqlmockError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Those after the command's name; `sys.argv`'s unless given.

    Returns:
        The exit status: 0, or 2 where the server can't be started.
    """
    parsed = _parser().parse_args(arguments)
    try:
        _serve(parsed)
    except (ModuleNotFoundError, OSError, DqlmockError) as error:
        print(f"dqlmock server: {error}", file=sys.stderr)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dqlmock", description="Amazon DynamoDB for tests.")
    commands = parser.add_subparsers(required=True)
    server = commands.add_parser("server", help="serve DynamoDB over HTTP, for every language")
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


if __name__ == "__main__":
    sys.exit(main())
