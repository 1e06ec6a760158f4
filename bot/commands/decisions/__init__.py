"""Several options or the whole catalog: compare, recommend, break-even, what if."""
