"""Published measurements, row by row, and predictions of them."""
