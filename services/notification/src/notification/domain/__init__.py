"""The rules, one module per noun: no input or output, no clock."""
