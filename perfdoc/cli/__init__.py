"""The commands: find files, call, print, exit. `commands` declares them; the other modules do them."""
