"""perfdoc: performance self-evaluations as plain files, scored by the rulebook, rendered as the official form."""

__version__ = "0.1.0"
