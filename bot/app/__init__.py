"""The composition root: puts settings, database, conversations and channels together."""
