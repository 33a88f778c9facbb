"""What runs a model in a process of its own, so that no engine's threads disturb another's."""
