"""`python -m perfdoc` is the console script."""

from perfdoc.cli.console import main

raise SystemExit(main())
