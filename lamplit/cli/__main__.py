"""`python -m lamplit.cli` is the same as `lamplit`."""

import sys

from lamplit.cli.main import main

sys.exit(main())
