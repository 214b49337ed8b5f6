"""Knows what each customer owes."""
