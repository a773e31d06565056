"""Chat networks, each tested from the outside."""
