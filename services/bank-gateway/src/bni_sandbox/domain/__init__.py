"""The simulated bank's rules: what it accepts, what may be paid, what goes wrong on purpose."""
