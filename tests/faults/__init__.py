"""Faults: the promises of docs/reliability.md, attacked with kills, outages, floods and poison."""
