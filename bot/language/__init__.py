"""What people type, read and written back: quantities, phrases, the grammar, names and shared words."""
