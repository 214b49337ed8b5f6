"""Simulators of those who carry messages: they speak the documented protocols, and misbehave."""
