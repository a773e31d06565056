"""Use cases: load, decide, save, in the transaction that they are given."""
