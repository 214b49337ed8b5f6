"""The parts of ``callback.py``: rows, senders, the servers that are measured, the yardstick."""
