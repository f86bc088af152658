"""Use git: read a revision's files as a folder, and configure how differences are shown."""
