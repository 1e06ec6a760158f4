"""What the Home tab shows."""
