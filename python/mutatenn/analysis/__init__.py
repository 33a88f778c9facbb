"""Analysis: numbers made from verdicts; nothing is run here."""
