"""Tests of the delivery, in virtual time."""
