"""BNI eCollection as the bank speaks it: cipher, envelope, fields, status codes. Pure."""
