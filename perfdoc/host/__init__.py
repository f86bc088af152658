"""Decide which files to read and write, in which order: repositories, runs, git, many units at once."""
