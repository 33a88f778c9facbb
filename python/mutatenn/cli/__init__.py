"""The command line ``mutatenn-ir``: one command per file, no logic of its own."""
