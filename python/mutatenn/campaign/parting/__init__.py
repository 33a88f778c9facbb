"""Where devices part: the first launch at which they compute another thing of the same mutant."""
