// The fields of if statements, selects and calls of if_then_else.
#include "branches.h"

#include <tvm/ffi/container/array.h>
#include <tvm/ffi/error.h>

#include "expr.h"

namespace mutatenn::ir {
namespace {

// A class with a field for each part of a choice.
struct Kind {
  Kind(std::string_view key, std::string_view name, std::string_view yes, std::string_view no)
      : type(TypeIndexOf(key)),
        name(name),
        condition(key, "condition"),
        yes(key, yes),
        no(key, no) {}
  int32_t type;
  std::string_view name;
  Field condition, yes, no;
};

const std::vector<Kind>& Kinds() {
  static const std::vector<Kind> kinds = {
      Kind("tirx.IfThenElse", "if", "then_case", "else_case"),
      Kind("prim.Select", "select", "true_value", "false_value"),
  };
  return kinds;
}

}  // namespace

void RequireBranches() { Kinds(); }

std::optional<Branches> BranchesOf(const Any& node) {
  for (const Kind& kind : Kinds()) {
    if (node.type_index() == kind.type) {
      return Branches{kind.name, kind.condition.Get(node), kind.yes.Get(node), kind.no.Get(node)};
    }
  }
  if (!IsIfThenElse(node)) return std::nullopt;
  auto args = Schema::Get().TypeOf(node).executed[0].Get(node).cast<Array<Any>>();
  return Branches{"if-then-else", args[0], args[1], args[2]};
}

Any WithBranches(const Any& node, const Any& yes, const Any& no) {
  for (const Kind& kind : Kinds()) {
    if (node.type_index() == kind.type) return kind.no.With(kind.yes.With(node, yes), no);
  }
  if (!IsIfThenElse(node)) {
    TVM_FFI_THROW(InternalError) << "a " << node.GetTypeKey() << " has no branches";
  }
  return Schema::Get().TypeOf(node).executed[0].With(node, Array<Any>{ConditionOf(node), yes, no});
}

}  // namespace mutatenn::ir
