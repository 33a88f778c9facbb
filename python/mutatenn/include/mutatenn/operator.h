// Mutation operators in C++, in a library of their own: what a native plug-in is built against.
//
// Only tvm-ffi is needed, in the version that `pip show mutatenn` asks for: nodes of TVM cross as
// values of tvm-ffi, are read by reflection (`FieldOf`) and are made by TVM's registered
// constructors (`Call`), so no header and no ABI of TVM's compiler is depended on.
//
//   std::vector<mutatenn::plugin::Operator> Operators();
//   MUTATENN_EXPORT_OPERATORS(Operators)
//
// in one source file makes a shared library that a Python package offers under the entry point
// group `mutatenn.operators`, as `mutatenn.plugin.NativeLibrary(path)`.
#ifndef MUTATENN_OPERATOR_H_
#define MUTATENN_OPERATOR_H_

#include <tvm/ffi/any.h>
#include <tvm/ffi/container/array.h>
#include <tvm/ffi/container/map.h>
#include <tvm/ffi/error.h>
#include <tvm/ffi/function.h>
#include <tvm/ffi/reflection/accessor.h>

#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mutatenn::plugin {

using tvm::ffi::Any;
using tvm::ffi::Array;
using tvm::ffi::Function;
using tvm::ffi::Map;
using tvm::ffi::Object;
using tvm::ffi::String;

// Values of parameters, by name.
using Settings = std::map<std::string, std::string>;

// Where a node stands.
struct Context {
  std::string path;
  // The node above; None at the root.
  Any parent;
  // All nodes above, the root first.
  Array<Any> ancestors;
};

// One thing that can take a site's place. Together with the place, the settings are all that the
// mutant's id is made from.
struct Replacement {
  Settings settings;
  // Whether the program's meaning stays: then the mutant is in no score.
  bool semantics_preserving = false;
};

// A parameter of an operator; `form` is `choice`, `integer` or `number`.
struct Parameter {
  std::string name;
  std::string summary;
  // The values of a choice; of a number, those offered where it is left out.
  std::vector<std::string> choices;
  std::string when_absent = "any of them";
  std::string form = "choice";
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};

// A kind of fault. The fields mean what they mean in `mutatenn.plugin.Operator`.
struct Operator {
  std::string id;
  std::string summary;
  std::string fault_model;
  std::string source;
  std::vector<std::string> stages;
  // Type keys of the nodes that it is asked about, such as `prim.Add` or `tirx.For`.
  std::vector<std::string> nodes;
  // Every replacement that fits the settings that the user gave, the first choice first. Empty: the
  // node is no site, or nothing fits.
  std::function<std::vector<Replacement>(const Any& node, const Context&, const Settings&)>
      replacements;
  // The new node, for the settings of a replacement that `replacements` returned: a statement for a
  // statement, an expression of the same type for an expression.
  std::function<Any(const Any& node, const Context&, const Settings&)> rewrite;
  int version = 1;
  std::string category = "plug-in";
  std::vector<Parameter> parameters = {};
  std::vector<std::string> suppressions = {};
};

// The field of that name of a node, its class's own or inherited. Throws AttributeError.
inline Any FieldOf(const Any& node, std::string_view name) {
  const TVMFFITypeInfo* type = TVMFFIGetTypeInfo(node.type_index());
  for (int32_t depth = type->type_depth;; --depth) {
    for (int32_t i = 0; i < type->num_fields; ++i) {
      const TVMFFIFieldInfo& field = type->fields[i];
      if (std::string_view(field.name.data, field.name.size) == name) {
        return tvm::ffi::reflection::FieldGetter(&field)(node.cast<const Object*>());
      }
    }
    if (depth == 0) break;
    type = TVMFFIGetTypeInfo(node.type_index())->type_ancestors[depth - 1];
  }
  TVM_FFI_THROW(AttributeError) << node.GetTypeKey() << " has no field '" << std::string(name)
                                << "'";
  return Any();  // not reached
}

// Whether a node is of the class with that type key itself.
inline bool Is(const Any& node, std::string_view type_key) {
  return node.type_index() >= tvm::ffi::TypeIndex::kTVMFFIStaticObjectBegin &&
         node.GetTypeKey() == type_key;
}

// Calls a registered function of TVM, such as a node's constructor: `Call("prim.Max", a, b, span)`.
template <typename... Arguments>
Any Call(const std::string& name, Arguments&&... arguments) {
  return Function::GetGlobalRequired(name)(std::forward<Arguments>(arguments)...);
}

namespace details {

inline Array<String> Texts(const std::vector<std::string>& texts) {
  Array<String> array;
  for (const std::string& text : texts) array.push_back(String(text));
  return array;
}

inline Map<String, Any> Described(const Parameter& parameter) {
  const double none = std::numeric_limits<double>::infinity();
  Map<String, Any> spec;
  spec.Set("name", String(parameter.name));
  spec.Set("summary", String(parameter.summary));
  spec.Set("choices", Texts(parameter.choices));
  spec.Set("when_absent", String(parameter.when_absent));
  spec.Set("form", String(parameter.form));
  spec.Set("least", parameter.least == -none ? Any() : Any(parameter.least));
  spec.Set("most", parameter.most == none ? Any() : Any(parameter.most));
  return spec;
}

inline Map<String, Any> Described(const Operator& op) {
  Map<String, Any> spec;
  spec.Set("id", String(op.id));
  spec.Set("category", String(op.category));
  spec.Set("version", op.version);
  spec.Set("summary", String(op.summary));
  spec.Set("fault_model", String(op.fault_model));
  spec.Set("source", String(op.source));
  spec.Set("stages", Texts(op.stages));
  spec.Set("nodes", Texts(op.nodes));
  spec.Set("suppressions", Texts(op.suppressions));
  Array<Any> parameters;
  for (const Parameter& parameter : op.parameters) parameters.push_back(Described(parameter));
  spec.Set("parameters", parameters);
  return spec;
}

inline Context ContextOf(const Map<String, Any>& given) {
  return {std::string(given.at("path").cast<String>()), given.at("parent"),
          given.at("ancestors").cast<Array<Any>>()};
}

inline Settings SettingsOf(const Map<String, String>& given) {
  Settings settings;
  for (const auto& [name, value] : given) settings.emplace(name, value);
  return settings;
}

inline Array<Any> Listed(const std::vector<Replacement>& replacements) {
  Array<Any> array;
  for (const Replacement& one : replacements) {
    Map<String, String> settings;
    for (const auto& [name, value] : one.settings) settings.Set(String(name), String(value));
    Map<String, Any> spec;
    spec.Set("settings", settings);
    spec.Set("semantics_preserving", one.semantics_preserving);
    array.push_back(spec);
  }
  return array;
}

inline void AddAll(const std::vector<Operator>& operators, const Function& add) {
  for (const Operator& op : operators) {
    auto replacements = [op](Any node, Map<String, Any> context, Map<String, String> settings) {
      return Listed(op.replacements(node, ContextOf(context), SettingsOf(settings)));
    };
    auto rewrite = [op](Any node, Map<String, Any> context, Map<String, String> settings) {
      return op.rewrite(node, ContextOf(context), SettingsOf(settings));
    };
    add(Described(op), Function::FromTyped(replacements), Function::FromTyped(rewrite));
  }
}

}  // namespace details
}  // namespace mutatenn::plugin

// Makes a library's operators known; `list` is a function that returns a vector of them. Once in a
// library.
#define MUTATENN_EXPORT_OPERATORS(list)                              \
  namespace mutatenn::plugin::details {                              \
  static void Offer(tvm::ffi::Function add) { AddAll(list(), add); } \
  }                                                                  \
  TVM_FFI_DLL_EXPORT_TYPED_FUNC(mutatenn_operators, mutatenn::plugin::details::Offer)

#endif  // MUTATENN_OPERATOR_H_
