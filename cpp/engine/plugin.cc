// Registers `mutatenn.operators.Add`, through which operators from outside join the catalogue.
//
// Everything crosses as values of tvm-ffi: a plug-in needs no other ABI, and no header of TVM's.
#include <tvm/ffi/container/array.h>
#include <tvm/ffi/container/map.h>
#include <tvm/ffi/error.h>
#include <tvm/ffi/extra/structural_equal.h>
#include <tvm/ffi/reflection/registry.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

#include "../ir/stmt.h"
#include "operator.h"

namespace mutatenn::engine {
namespace {

using ir::Any;
using ir::Array;
using ir::Function;
using ir::Map;
using ir::String;
using Spec = Map<String, Any>;

std::string Text(const Spec& spec, const char* key) {
  return std::string(spec.at(key).cast<String>());
}

std::vector<std::string> Texts(const Spec& spec, const char* key) {
  std::vector<std::string> texts;
  for (const String& text : spec.at(key).cast<Array<String>>()) texts.emplace_back(text);
  return texts;
}

Form FormOf(const std::string& name) {
  constexpr Form kForms[] = {Form::kChoice, Form::kInteger, Form::kNumber, Form::kOperators};
  const Form* found = std::find_if(std::begin(kForms), std::end(kForms),
                                   [&](Form form) { return NameOf(form) == name; });
  if (found == std::end(kForms)) {
    TVM_FFI_THROW(ValueError) << "there is no form of parameters '" << name << "'";
  }
  return *found;
}

Parameter ParameterOf(const Spec& spec) {
  Parameter parameter{Text(spec, "name"), Texts(spec, "choices"), Text(spec, "when_absent"),
                      Text(spec, "summary"), FormOf(Text(spec, "form"))};
  if (!ir::IsNone(spec.at("least"))) parameter.least = spec.at("least").cast<double>();
  if (!ir::IsNone(spec.at("most"))) parameter.most = spec.at("most").cast<double>();
  return parameter;
}

Settings SettingsOf(const Map<String, String>& given) {
  Settings settings;
  for (const auto& [name, value] : given) settings.emplace(name, value);
  return settings;
}

// An operator from outside: its description, and the functions that it brought.
struct Outside {
  Operator described;
  // The distribution that it comes from, with its version.
  std::string origin;
  std::vector<std::string> nodes;
  Function replacements;
  Function rewrite;

  [[noreturn]] void Fail(const ir::Cursor& at, const std::string& why) const {
    throw tvm::ffi::Error("ValueError",
                          "operator " + described.id + ", which " + origin + " brings, failed at " +
                              ir::ToString(at.path) + ": " + why,
                          "");
  }

  // Calls what the plug-in brought; whatever it throws is told with its name.
  Any Call(const Function& function, const ir::Cursor& at, const Settings& settings) const {
    Map<String, Any> context;
    context.Set("path", String(ir::ToString(at.path)));
    context.Set("parent", at.parent);
    Array<Any> above;
    if (at.above != nullptr) above = Array<Any>(at.above->begin(), at.above->end());
    context.Set("ancestors", above);
    Map<String, String> given;
    for (const auto& [name, value] : settings) given.Set(name, String(value));
    try {
      return function(at.node, context, given);
    } catch (const tvm::ffi::Error& error) {
      Fail(at, error.kind() + ": " + error.message());
    }
  }

  Replacement ReplacementOf(const Spec& spec) const {
    Replacement one{described.Checked(SettingsOf(spec.at("settings").cast<Map<String, String>>()))};
    one.semantics_preserving = spec.at("semantics_preserving").cast<bool>();
    return one;
  }

  // Those that fit the settings, as far as they are part of what a replacement is.
  std::vector<Replacement> Offered(const ir::Cursor& at, const Settings& settings) const {
    std::vector<Replacement> fitting;
    std::set<Settings> seen;
    const Any offered = Call(replacements, at, settings);
    try {
      for (const Spec& spec : offered.cast<Array<Spec>>()) {
        Replacement one = ReplacementOf(spec);
        if (!seen.insert(one.settings).second) {
          TVM_FFI_THROW(ValueError)
              << "two replacements have the settings [" << ToString(one.settings) << "]";
        }
        bool fits = true;
        for (const auto& [name, value] : settings) {
          fits = fits && ValueOf(one.settings, name, value) == value;
        }
        if (fits) fitting.push_back(std::move(one));
      }
    } catch (const tvm::ffi::Error& error) {
      Fail(at, error.message());
    }
    return fitting;
  }

  // A rewrite must keep the type of what it replaces; of a graph TVM infers types anew.
  Any Rewritten(const ir::Cursor& at, const Settings& settings) const {
    const Any made = Call(rewrite, at, settings);
    if (made.type_index() < tvm::ffi::TypeIndex::kTVMFFIStaticObjectBegin) {
      Fail(at, "it gave no node");
    }
    const bool statement = ir::IsStatement(at.node);
    if (at.graph == nullptr && statement != ir::IsStatement(made)) {
      Fail(at, std::string("it gave ") + made.GetTypeKey() + " for " + at.node.GetTypeKey());
    }
    if (at.graph != nullptr || statement) return made;
    const ir::Field& type = ir::Fields::Get().expr_type;
    if (!tvm::ffi::StructuralEqual::Equal(type.Get(at.node), type.Get(made))) {
      Fail(at, "it gave an expression of another type");
    }
    return made;
  }
};

Operator Described(const Spec& spec) {
  Operator op{};
  op.id = Text(spec, "id");
  op.category = Text(spec, "category");
  op.version = spec.at("version").cast<int>();
  op.stages = Texts(spec, "stages");
  op.summary = Text(spec, "summary");
  op.fault_model = Text(spec, "fault_model");
  op.source = Text(spec, "source");
  op.suppressions = Texts(spec, "suppressions");
  for (const Spec& parameter : spec.at("parameters").cast<Array<Spec>>()) {
    op.parameters.push_back(ParameterOf(parameter));
  }
  return op;
}

void Add(const Spec& spec, const Function& replacements, const Function& rewrite) {
  auto outside = std::make_shared<const Outside>(
      Outside{Described(spec), Text(spec, "origin"), Texts(spec, "nodes"), replacements, rewrite});
  Operator op = outside->described;
  for (const std::string& key : outside->nodes) {
    ir::Schema::Get().TypeOf(std::string_view(key));  // throws for a node that a walk never meets
    op.nodes.emplace_back(key);
  }
  // Held by both functions, and so for as long as the names of its nodes are in use.
  op.replacements = [outside](const ir::Cursor& at, const Settings& settings) {
    return outside->Offered(at, settings);
  };
  op.rewrite = [outside](const ir::Cursor& at, const Settings& settings) {
    return outside->Rewritten(at, settings);
  };
  Catalogue::Get().Add(std::move(op));
}

TVM_FFI_STATIC_INIT_BLOCK() {
  tvm::ffi::reflection::GlobalDef().def("mutatenn.operators.Add", Add);
}

}  // namespace
}  // namespace mutatenn::engine
