"""Score an assessment, roll several up into one and fill in the prose; no file is touched."""
