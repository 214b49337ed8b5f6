"""Statement files to statements: pure functions of bytes, one module per format."""
