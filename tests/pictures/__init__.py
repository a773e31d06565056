"""Pictures of conversations as a phone shows them, for the README: `python -m tests.pictures`."""
