// Buffers come as bytes and the name of their type, since NumPy has no bfloat16 of its own.
#include "verify.h"

#include <pybind11/numpy.h>

#include <cstring>
#include <stdexcept>
#include <string>

#include "../verify/comparison.h"

namespace py = pybind11;

namespace mutatenn {
namespace {

using Bytes = py::array_t<uint8_t, py::array::c_style>;
using verify::Record;

py::array_t<uint64_t> Compare(const Bytes& a, const Bytes& b, const std::string& type, int k) {
  const size_t size = verify::ElementBytes(type);
  const auto bytes = static_cast<size_t>(a.size());
  if (a.size() != b.size() || bytes % size != 0) {
    throw std::invalid_argument("buffers of " + std::to_string(a.size()) + " and " +
                                std::to_string(b.size()) + " bytes are not as many " + type);
  }
  for (const Bytes* side : {&a, &b}) {
    if (reinterpret_cast<uintptr_t>(side->data()) % size != 0) {
      throw std::invalid_argument("a buffer of " + type + " is not aligned; copy it first");
    }
  }
  Record record;
  {
    py::gil_scoped_release released;
    record = verify::Compare(a.data(), b.data(), type, bytes / size, k);
  }
  py::array_t<uint64_t> words(static_cast<py::ssize_t>(sizeof(record) / sizeof(uint64_t)));
  std::memcpy(words.mutable_data(), &record, sizeof(record));
  return words;
}

}  // namespace

void BindVerify(py::module_& m) {
  m.def("compare", &Compare, py::arg("a").noconvert(), py::arg("b").noconvert(), py::arg("type"),
        py::arg("k") = 0,
        "Compare two buffers of bytes: the record of a comparator, uint64 of shape (120,).");
}

}  // namespace mutatenn
