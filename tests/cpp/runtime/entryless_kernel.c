/* Is a library, but no kernel. */
int another_function(void) { return 0; }
