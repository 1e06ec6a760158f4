"""What benchmark tools print, read."""
