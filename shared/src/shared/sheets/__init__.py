"""Spreadsheets, read and written: what several services need of them (ADR-0032).

``reading`` opens a file of a person, CSV or XLSX, as rows of text; ``rupiah`` reads amounts as they
are spelled; ``writer`` is the one module that writes files, so that B6 holds for all of them.
"""
