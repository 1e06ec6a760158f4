"""Help, the first message, the catalog and its accuracy."""
