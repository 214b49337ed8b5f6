"""Rules of the door: passwords, paths, origins, routing, the description of the API."""
