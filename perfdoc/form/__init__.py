"""What an official form is, as data: its layout and its rulebook."""
