"""Rules of reporting: figures, words and what each sheet of paper says. No I/O, no clock."""
