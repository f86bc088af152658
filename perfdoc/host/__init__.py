"""Which files, in which order: repositories, runs, git and many units at once."""
