"""Jobs and pieces of files, and the rows that go into them."""
