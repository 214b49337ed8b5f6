"""What each page asks for and how it is put together; and what events do to open pages."""
