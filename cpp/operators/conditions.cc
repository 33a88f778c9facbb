// Names of the nodes that hold conditions.
#include "conditions.h"

#include <algorithm>

#include "../ir/expr.h"
#include "comparisons.h"

namespace mutatenn::operators {

std::string_view ConditionPlace(const ir::Cursor& at) {
  const ir::ConditionHolder holder = ir::HolderOf(at);
  if (holder == ir::ConditionHolder::kNothing || ir::IsLiteral(at.node)) return "";
  switch (holder) {
    case ir::ConditionHolder::kIf:
      return "if";
    case ir::ConditionHolder::kWhile:
      return "while";
    case ir::ConditionHolder::kSelect:
      return "select";
    case ir::ConditionHolder::kIfThenElse:
      return "if-then-else";
    case ir::ConditionHolder::kBlock:
      return "predicate";
    case ir::ConditionHolder::kNothing:
      break;
  }
  return "";
}

engine::Parameter Where(std::vector<std::string> places) {
  return {"where", std::move(places), "any of them", "Only conditions of this kind."};
}

bool Admits(const engine::Settings& settings, std::string_view place) {
  return engine::ValueOf(settings, "where", place) == place;
}

bool IsIntegerComparison(const ir::Any& condition) {
  return ComparisonAt(condition) != nullptr &&
         ir::DomainOf(ir::LeftOf(condition)) == ir::Domain::kInteger;
}

}  // namespace mutatenn::operators
