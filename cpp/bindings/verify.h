// The host's comparators in Python.
#ifndef MUTATENN_BINDINGS_VERIFY_H_
#define MUTATENN_BINDINGS_VERIFY_H_

#include <pybind11/pybind11.h>

namespace mutatenn {

void BindVerify(pybind11::module_& m);

}  // namespace mutatenn
#endif  // MUTATENN_BINDINGS_VERIFY_H_
