"""Use cases: load, decide, save, publish. None of them calls the bank or commits."""
