"""The file in which staff describe events (docs/event-file.md), read strictly."""
