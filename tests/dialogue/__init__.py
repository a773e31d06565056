"""Tests of the conversation engine."""
