/* Needs a function that no TVM has. */
void* __TVMNoSuchFunction = 0;

int __tvm_ffi_mutatenn_kernel(void) { return __TVMNoSuchFunction == 0; }
