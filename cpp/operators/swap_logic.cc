// `swap-logic`: one logical connector in place of another.
#include "../engine/operator.h"
#include "../ir/expr.h"
#include "../ir/keys.h"
#include "../ir/literal.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

bool IsAnd(const ir::Any& node) { return ir::Schema::Get().TypeOf(node).key == keys::kAnd; }

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const bool is_and = IsAnd(at.node);
  std::string_view here = is_and ? "and" : "or";
  if (engine::ValueOf(settings, "from", here) != here) return {};
  // Where `a and b` and `a or b` differ, one operand alone differs from either.
  const std::vector<Replacement> all = {{{{"to", is_and ? "or" : "and"}}, "drop-clause"},
                                        {{{"to", is_and ? "eq" : "ne"}}}};
  std::string_view to = engine::ValueOf(settings, "to");
  std::vector<Replacement> found;
  for (const Replacement& one : all) {
    if (to.empty() || one.settings.at("to") == to) found.push_back(one);
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  std::string_view to = engine::ValueOf(settings, "to");
  if (to == "and" || to == "or") {
    return ir::MakeBinary(ir::NameOf(to == "and" ? keys::kAnd : keys::kOr), at.node);
  }
  // TVM compares booleans as if they were floating-point numbers, which LLVM refuses.
  const DLDataType number{kDLInt, 32, 1};
  return ir::MakeBinary(ir::NameOf(to == "eq" ? keys::kEQ : keys::kNE),
                        ir::MakeCast(number, ir::LeftOf(at.node)),
                        ir::MakeCast(number, ir::RightOf(at.node)));
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "swap-logic",
    "conditional",
    1,
    {"tensor", "kernel"},
    "Replaces a logical connector by another with the same operands.",
    "The parts of a guard are combined wrongly.",
    "Logical connector replacement (LCR), Offutt et al., TOSEM 5(2), 1996; the sufficient set for "
    "conditional operators (COR) of Just, Kapfhammer and Schweiggert, Mutation 2012.",
    {},
    {{"from", {"and", "or"}, "either connector", "Only connectors of this kind."},
     {"to",
      {"and", "or", "eq", "ne"},
      "and<->or, then eq for and, ne for or",
      "What stands there instead: `a == b` holds where neither operand does, too; `a != b` does "
      "not hold where both do."}},
    {keys::kAnd, keys::kOr},
    Replacements,
    Rewrite,
    "and<->or, by drop-clause: it differs only where one operand alone does",
});

}  // namespace
}  // namespace mutatenn::operators
