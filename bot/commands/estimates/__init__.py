"""One option under one load: the question, the words looked up, the answer."""
