/*!
 * \file cpp/operators/negate_cond.cc
 * \brief `negate-cond`: a condition turned into its opposite.
 */
#include "../engine/operator.h"
#include "../ir/expr.h"

namespace mutatenn::operators {
namespace {

using engine::Settings;

/*! \brief Where the condition at a cursor belongs: `if`, `while`, `select`, `if-then-else`,
 * `predicate`, or "" when the node is no condition. */
std::string_view PlaceOf(const ir::Cursor& at) {
  if (at.parent.type_index() < tvm::ffi::TypeIndex::kTVMFFIStaticObjectBegin) return "";
  const std::string_view parent = ir::Schema::Get().TypeOf(at.parent).key;
  const std::string_view role = at.role();
  if (parent == "tirx.IfThenElse" && role == "condition") return "if";
  if (parent == "tirx.While" && role == "condition") return "while";
  if (parent == "prim.Select" && role == "condition") return "select";
  if (parent == "s_tir.SBlockRealize" && role == "predicate") return "predicate";
  if (at.path.back().item == 0 && ir::IsIfThenElse(at.parent)) return "if-then-else";
  return "";
}

std::vector<Settings> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::string_view place = PlaceOf(at);
  // A literal `True` is how TVM writes "no predicate": there is no condition to negate.
  if (place.empty() || ir::IsLiteral(at.node)) return {};
  if (engine::ValueOf(settings, "where", place) != place) return {};
  return {{}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings&) { return ir::MakeNot(at.node); }

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "negate-cond",
    "conditional",
    1,
    {"tensor", "kernel"},
    "Negates a whole condition: of an if, a while, a select, an if_then_else or a block.",
    "A branch is taken exactly when it should not be.",
    "Conditionals negation (negate conditionals mutator) of PIT; unary operator insertion (UOI), "
    "Offutt et al., TOSEM 5(2), 1996.",
    {"literal conditions: TVM writes an absent block predicate as True"},
    {{"where",
      {"if", "while", "select", "if-then-else", "predicate"},
      "any condition",
      "Only conditions of this kind."}},
    {},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
