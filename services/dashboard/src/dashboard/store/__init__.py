"""The only modules that read: our own tables, and the services behind the pages."""
