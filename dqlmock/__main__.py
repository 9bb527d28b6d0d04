"""`python -m dqlmock`: the command `dqlmock`, where its script isn't on the path."""

import sys

from dqlmock.cli import main

sys.exit(main())
