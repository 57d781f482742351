"""Claims: opened by who pays or receives, answered by who held the crates, decided by an operator."""
