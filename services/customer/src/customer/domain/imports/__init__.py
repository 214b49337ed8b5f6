"""Rules of taking data over from spreadsheets (A44), pure: what a cell means, what a row does."""
