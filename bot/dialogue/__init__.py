"""The engine of a conversation: messages, questions, talk, turn. Pure: no I/O, no clock."""
