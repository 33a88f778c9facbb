// What a mutation operator is, and the catalogue in which each registers itself.
#ifndef MUTATENN_ENGINE_OPERATOR_H_
#define MUTATENN_ENGINE_OPERATOR_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "../ir/path.h"

namespace mutatenn::engine {

// Values by parameter name; a name that is absent leaves the choice to the operator.
using Settings = std::map<std::string, std::string, std::less<>>;

// One parameter: it either selects sites or chooses the replacement.
struct Parameter {
  std::string name;
  // The accepted values.
  std::vector<std::string> choices;
  // What leaving it out means, in words.
  std::string when_absent;
  std::string summary;
};

// A kind of fault. A rewrite must keep the type of what it replaces.
struct Operator {
  // Identifier, for instance `swap-cmp`; the pass class is its CamelCase.
  std::string id;
  std::string category;
  // Raised whenever the same settings begin to mean another mutant.
  int version;
  std::vector<std::string> stages;
  std::string summary;
  std::string fault_model;
  // Where the fault model comes from.
  std::string source;
  // Places that the operator leaves alone, and why.
  std::vector<std::string> suppressions;
  std::vector<Parameter> parameters;
  // Type keys of the nodes it can apply to; empty: any node.
  std::vector<std::string_view> nodes;
  // Every replacement that fits the settings, the operator's first choice first. Each is a complete
  // setting: it alone determines the mutant. Empty: not a site, or nothing fits.
  std::function<std::vector<Settings>(const ir::Cursor&, const Settings&)> replacements;
  // The new node, for one of the settings that `replacements` returned.
  std::function<ir::Any(const ir::Cursor&, const Settings&)> rewrite;

  bool WorksAt(std::string_view stage) const;
  // Throws ValueError in one sentence for an unknown parameter or a value that is no choice.
  void Check(const Settings& settings) const;
};

// The registered operators, sorted by id.
class Catalogue {
 public:
  static Catalogue& Get();
  // Adds an operator. Throws ValueError when the id is taken. Returns a dummy value, so that
  // registration can stand beside the operator as a static initialiser.
  bool Add(Operator op);
  const std::map<std::string, Operator, std::less<>>& All() const { return operators_; }
  // Throws ValueError naming the operators that exist.
  const Operator& At(std::string_view id) const;

 private:
  std::map<std::string, Operator, std::less<>> operators_;
};

// The value of a setting, or `fallback`.
std::string_view ValueOf(const Settings& settings, std::string_view name,
                         std::string_view fallback = "");

// Settings as `name=value` pairs joined by commas, in order of name.
std::string ToString(const Settings& settings);

}  // namespace mutatenn::engine
#endif  // MUTATENN_ENGINE_OPERATOR_H_
