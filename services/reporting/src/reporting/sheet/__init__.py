"""Spreadsheets: the one module that writes them."""
