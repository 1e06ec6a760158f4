"""What every view is built from: blocks, forms, numbers, notices."""
