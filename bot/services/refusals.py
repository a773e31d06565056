"""What an operator is told when the command line cannot do what was asked."""

from __future__ import annotations


class OperatorError(Exception):
    """Something that the operator can put right: what is wrong, and what to do (exit code 2)."""
