"""The rules of plans and invoices: pure functions, no I/O, no clock."""
