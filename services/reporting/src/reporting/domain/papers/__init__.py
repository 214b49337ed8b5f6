"""What each sheet of paper says. Builders turn figures into text; templates add nothing up."""
