// Looks TVM's classes, fields and functions up by name, and says which one is missing.
#include "reflect.h"

#include <tvm/ffi/error.h>

namespace mutatenn::ir {
namespace {

constexpr const char* kHint =
    "; this build of mutatenn knows apache-tvm 0.27.0.post1, install that version";

std::string_view View(const TVMFFIByteArray& bytes) { return {bytes.data, bytes.size}; }

// The field of that name that a class itself declares; null if there is none.
const TVMFFIFieldInfo* FieldIn(const TVMFFITypeInfo* type, std::string_view name) {
  for (int32_t i = 0; i < type->num_fields; ++i) {
    if (View(type->fields[i].name) == name) return &type->fields[i];
  }
  return nullptr;
}

}  // namespace

int32_t TypeIndexOf(std::string_view key) {
  TVMFFIByteArray bytes{key.data(), key.size()};
  int32_t index = -1;
  if (TVMFFITypeKeyToIndex(&bytes, &index) != 0) {
    // The raised error is replaced by one that names the remedy.
    tvm::ffi::details::MoveFromSafeCallRaised();
    TVM_FFI_THROW(RuntimeError) << "TVM has no type '" << key << "'" << kHint;
  }
  return index;
}

Field::Field(std::string_view type_key, std::string_view name) : info_(nullptr) {
  const TVMFFITypeInfo* type = TVMFFIGetTypeInfo(TypeIndexOf(type_key));
  info_ = FieldIn(type, name);
  // A class lists what it declares itself; the rest stands with its ancestors.
  for (int32_t depth = type->type_depth; info_ == nullptr && depth > 0; --depth) {
    info_ = FieldIn(type->type_ancestors[depth - 1], name);
  }
  if (info_ == nullptr) {
    TVM_FFI_THROW(RuntimeError) << "TVM's type '" << type_key << "' has no field '" << name << "'"
                                << kHint;
  }
}

Any Field::Get(const Any& node) const {
  return tvm::ffi::reflection::FieldGetter(info_)(node.cast<const Object*>());
}

Any Field::With(const Any& node, const Any& value) const {
  static tvm::ffi::reflection::TypeAttrColumn copiers(
      tvm::ffi::reflection::type_attr::kShallowCopy);
  Any copy = copiers[node.type_index()].cast<Function>()(node);
  tvm::ffi::reflection::FieldSetter setter(info_);
  setter(copy.cast<const Object*>(), value);
  return copy;
}

Function RequireFunction(std::string_view name) {
  auto function = Function::GetGlobal(std::string(name));
  if (!function.has_value()) {
    TVM_FFI_THROW(RuntimeError) << "TVM has no registered function '" << name << "'" << kHint;
  }
  return *function;
}

const Fields& Fields::Get() {
  static const Fields fields;
  return fields;
}

const Functions& Functions::Get() {
  static const Functions functions;
  return functions;
}

}  // namespace mutatenn::ir
