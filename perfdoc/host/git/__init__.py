"""What git is asked and told: a revision's files as a folder, and how this repository's differences are shown."""
