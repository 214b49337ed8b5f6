"""Words and plumbing that every Lunas service uses; imports no service."""
