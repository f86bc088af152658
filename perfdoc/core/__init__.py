"""What an assessment is: immutable values, their addresses, and what can be wrong with them."""
