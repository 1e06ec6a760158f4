"""The core: what it takes to serve a language model. Numbers in, numbers out: no clock, no network, no log."""
