"""Taking data over from spreadsheets: staged, looked at, written, taken back (A44)."""
