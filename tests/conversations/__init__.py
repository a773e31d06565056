"""Whole conversations: as transcripts, in every order, with every kind of nonsense."""
