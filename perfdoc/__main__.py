"""`python -m perfdoc` is the console script."""

from perfdoc.console import main

raise SystemExit(main())
