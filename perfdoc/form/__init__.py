"""An official form as data: its layout and its rulebook."""
