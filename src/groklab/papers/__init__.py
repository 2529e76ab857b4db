"""Papers re-checked: one folder a paper."""
