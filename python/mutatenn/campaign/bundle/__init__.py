"""Bundles: campaigns' mutants packed to run where neither TVM nor mutatenn is, and merged again."""
