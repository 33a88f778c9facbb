"""The predecessor's mutations on whole models: each row's status, and what its mutant answers."""
