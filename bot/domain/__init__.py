"""The rules of a public dialogue: pure values and decisions, standard library only."""
