// What a mutation operator is, and the catalogue in which each registers itself.
#ifndef MUTATENN_ENGINE_OPERATOR_H_
#define MUTATENN_ENGINE_OPERATOR_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "../ir/path.h"
#include "parameter.h"

namespace mutatenn::engine {

// One thing that can take a site's place.
struct Replacement {
  // Complete: they alone determine the mutant.
  Settings settings;
  // The operator among whose mutants some is killed whenever this one is infected: then this one
  // tells nothing new, and is left out of listings that hold that operator too. Empty: none.
  std::string redundant_by = "";
  // Whether the program's meaning stays: a difference is then a defect of the compiler.
  bool semantics_preserving = false;
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
  // Every replacement that fits the settings, the operator's first choice first. Empty: not a site,
  // or nothing fits.
  std::function<std::vector<Replacement>(const ir::Cursor&, const Settings&)> replacements;
  // The new node, for the settings of a replacement that `replacements` returned. In a graph it may
  // be a nested call: the engine gives each call a binding, and infers types anew.
  std::function<ir::Any(const ir::Cursor&, const Settings&)> rewrite;
  // Which of its replacements are redundant, and why, in words; empty: none.
  std::string redundant = "";
  // Which of its replacements keep the program's meaning, in words; empty: none.
  std::string semantics_preserving = "";

  bool WorksAt(std::string_view stage) const;
  // The settings with every value in its one spelling. Throws ValueError in one sentence for an
  // unknown parameter or a value that it does not accept.
  Settings Checked(const Settings& settings) const;
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

}  // namespace mutatenn::engine
#endif  // MUTATENN_ENGINE_OPERATOR_H_
