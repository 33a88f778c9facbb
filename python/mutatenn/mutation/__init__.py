"""Mutation, IR to IR: which mutants a module has, what each changes, and making one."""
