// What the operators on graphs share: the calls they work on, and what is equal by construction.
#ifndef MUTATENN_OPERATORS_GRAPH_CALLS_H_
#define MUTATENN_OPERATORS_GRAPH_CALLS_H_

#include <optional>
#include <string>
#include <vector>

#include "../engine/operator.h"
#include "../ir/graph.h"

namespace mutatenn::operators {

// A call of a Relax operator that a variable is bound to.
struct BoundCall {
  std::string name;
  ir::Array<ir::Any> args;
  ir::Any var;
  ir::Any type;
};

// The call at a place; none for other nodes and for launches of kernels.
std::optional<BoundCall> CallAt(const ir::Cursor& at);

// The parameter `functions`: which operators' calls are meant; and whether they include one.
engine::Parameter FunctionsParameter();
bool IsMeant(const engine::Settings& settings, const std::string& name);

// The one argument that is a tensor not known beforehand; none where there are several or none.
std::optional<size_t> DataArgument(const ir::Graph& graph, const ir::Any& call);

// Whether two expressions are the same variable, or equal constants.
bool SameExpr(const ir::Any& lhs, const ir::Any& rhs);

// Whether a name is in a list.
bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names);

// Operators that apply one function to each element, and have no settings.
bool IsElementwise(std::string_view name);
// Operators that only move elements.
bool IsMove(std::string_view name);
// Whether no element of a tensor is below zero, as its producers show.
bool IsNonNegative(const ir::Graph& graph, const ir::Any& expr);
// Whether an argument, behind moves, is a constant of this value throughout.
bool IsFilledWith(const ir::Graph& graph, const ir::Any& expr, double value);
// Whether a second application gives what the first did.
bool IsIdempotent(std::string_view name);
// Whether a call gives its data argument as it is.
bool IsIdentity(const ir::Graph& graph, const BoundCall& call, size_t data);

}  // namespace mutatenn::operators
#endif  // MUTATENN_OPERATORS_GRAPH_CALLS_H_
