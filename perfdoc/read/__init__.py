"""Files → assessments and forms, or diagnostics: the rim through which content comes in."""
