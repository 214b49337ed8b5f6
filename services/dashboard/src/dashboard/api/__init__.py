"""HTTP: read the request, ask one handler, render."""
