"""Starts, stops, tests and provisions the whole of Lunas."""
