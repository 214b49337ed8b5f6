"""What the pages say and in which words: pure functions and frozen shapes."""
