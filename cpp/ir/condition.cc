// The fields of TVM's classes that hold conditions.
#include "condition.h"

#include <array>

#include "expr.h"

namespace mutatenn::ir {
namespace {

// A field that holds a condition.
struct Place {
  Place(std::string_view key, std::string_view name, ConditionHolder holder)
      : type(TypeIndexOf(key)), field(key, name), holder(holder) {}
  int32_t type;
  Field field;
  ConditionHolder holder;
};

const std::array<Place, 4>& Places() {
  static const std::array<Place, 4> places = {
      Place("tirx.IfThenElse", "condition", ConditionHolder::kIf),
      Place("tirx.While", "condition", ConditionHolder::kWhile),
      Place("prim.Select", "condition", ConditionHolder::kSelect),
      Place("s_tir.SBlockRealize", "predicate", ConditionHolder::kBlock),
  };
  return places;
}

}  // namespace

ConditionHolder HolderOf(const Cursor& at) {
  if (at.path.empty()) return ConditionHolder::kNothing;
  for (const Place& place : Places()) {
    if (at.parent.type_index() == place.type && at.role() == place.field.name()) {
      return place.holder;
    }
  }
  const bool first = at.path.back().item == 0;
  return first && IsIfThenElse(at.parent) ? ConditionHolder::kIfThenElse
                                          : ConditionHolder::kNothing;
}

void RequireConditions() { Places(); }

}  // namespace mutatenn::ir
