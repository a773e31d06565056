"""Seats: each rule as a sentence, on both databases, and all of them at once."""
