"""The core: what it takes to serve a language model. Numbers in, numbers out; no clock, network, environment or log."""
