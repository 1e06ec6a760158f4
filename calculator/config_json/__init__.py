"""A model from its Hugging Face config.json."""
