"""From an assessment to its scores, its roll-up and its finished prose; no file is touched."""
