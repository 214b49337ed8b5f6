"""Knows which money paid what."""
