// The catalogue, and the checks that every operator shares.
#include "operator.h"

#include <tvm/ffi/error.h>

#include <algorithm>

namespace mutatenn::engine {
namespace {

template <typename Range, typename Name>
std::string Join(const Range& range, Name name) {
  std::string text;
  for (const auto& item : range) text += (text.empty() ? "" : ", ") + std::string(name(item));
  return text.empty() ? "none" : text;
}

}  // namespace

bool Operator::WorksAt(std::string_view stage) const {
  return std::find(stages.begin(), stages.end(), stage) != stages.end();
}

Settings Operator::Checked(const Settings& settings) const {
  Settings checked;
  for (const auto& [name, value] : settings) {
    auto same_name = [&name = name](const Parameter& parameter) { return parameter.name == name; };
    auto found = std::find_if(parameters.begin(), parameters.end(), same_name);
    if (found == parameters.end()) {
      TVM_FFI_THROW(ValueError) << id << " has no parameter '" << name << "'; it has: "
                                << Join(parameters, [](const Parameter& p) { return p.name; });
    }
    checked.emplace(name, found->Spelled(id, value));
  }
  return checked;
}

Catalogue& Catalogue::Get() {
  // Never destroyed: operators of plug-ins hold Python objects, and Python is gone by then.
  static auto* catalogue = new Catalogue;
  return *catalogue;
}

bool Catalogue::Add(Operator op) {
  std::string id = op.id;
  if (!operators_.emplace(id, std::move(op)).second) {
    TVM_FFI_THROW(ValueError) << "two operators are registered as '" << id << "'";
  }
  return true;
}

const Operator& Catalogue::At(std::string_view id) const {
  auto it = operators_.find(id);
  if (it == operators_.end()) {
    TVM_FFI_THROW(ValueError) << "there is no operator '" << id << "'; there are: "
                              << Join(operators_, [](const auto& item) { return item.first; });
  }
  return it->second;
}

}  // namespace mutatenn::engine
