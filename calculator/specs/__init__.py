"""The nouns: model, accelerator, precision, engine, deployment, workload, price, requirements."""
