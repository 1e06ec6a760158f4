"""Among options or over the catalog: criteria, the decision, flips, search, savings, break-even."""
