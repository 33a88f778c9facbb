// Tables of Relax operators by their properties.
#include "graph_calls.h"

#include <tvm/ffi/extra/structural_equal.h>

#include <algorithm>

#include "../ir/weights.h"

namespace mutatenn::operators {

using engine::Settings;

std::optional<BoundCall> CallAt(const ir::Cursor& at) {
  if (at.graph == nullptr || at.role() != "value" || !ir::IsVarBinding(at.parent))
    return std::nullopt;
  std::string name = ir::OperatorOf(at.node);
  if (name.empty()) return std::nullopt;
  return BoundCall{std::move(name), ir::ArgsOf(at.node), ir::BoundVar(at.parent),
                   ir::TypeOf(at.node)};
}

engine::Parameter FunctionsParameter() {
  return {"functions",
          {},
          "calls of any operator",
          "Only calls of these operators.",
          engine::Form::kOperators};
}

bool IsMeant(const Settings& settings, const std::string& name) {
  std::string_view wanted = engine::ValueOf(settings, "functions");
  if (wanted.empty()) return true;
  const auto names = engine::SplitNames(wanted);
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<size_t> DataArgument(const ir::Graph& graph, const ir::Any& call) {
  std::optional<size_t> found;
  const auto args = ir::ArgsOf(call);
  for (size_t i = 0; i < args.size(); ++i) {
    if (graph.IsKnown(args[i])) continue;
    if (found || !ir::TensorOf(args[i])) return std::nullopt;
    found = i;
  }
  return found;
}

bool SameExpr(const ir::Any& lhs, const ir::Any& rhs) {
  return lhs.same_as(rhs) || tvm::ffi::StructuralEqual::Equal(lhs, rhs);
}

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsElementwise(std::string_view name) {
  return IsOneOf(name, {"abs",     "ceil",     "cos",     "erf",         "exp",     "floor",
                        "log",     "negative", "round",   "rsqrt",       "sigmoid", "sign",
                        "sin",     "sqrt",     "square",  "tanh",        "nn.gelu", "nn.gelu_tanh",
                        "nn.relu", "nn.selu",  "nn.silu", "nn.leakyrelu"});
}

bool IsMove(std::string_view name) {
  return IsOneOf(name, {"broadcast_to", "expand_dims", "flatten", "flip", "nn.batch_flatten",
                        "permute_dims", "reshape", "squeeze", "strided_slice", "tile"});
}

bool IsNonNegative(const ir::Graph& graph, const ir::Any& expr) {
  const ir::Any call = graph.ProducerOf(expr);
  if (ir::IsNone(call)) return false;
  const std::string name = ir::OperatorOf(call);
  if (IsOneOf(name, {"nn.relu", "abs"})) return true;
  const bool passes_on = IsMove(name) || IsOneOf(name, {"mean", "nn.avg_pool2d", "nn.max_pool2d"});
  return passes_on && IsNonNegative(graph, ir::ArgsOf(call)[0]);
}

bool IsFilledWith(const ir::Graph& graph, const ir::Any& expr, double value) {
  if (ir::IsConstant(expr)) return ir::WeightsOf(expr) && ir::WeightsOf(expr)->IsFilledWith(value);
  const ir::Any call = graph.ProducerOf(expr);
  if (ir::IsNone(call) || !IsMove(ir::OperatorOf(call))) return false;
  return IsFilledWith(graph, ir::ArgsOf(call)[0], value);
}

bool IsIdempotent(std::string_view name) {
  return IsMove(name) ||
         IsOneOf(name, {"abs", "astype", "ceil", "clip", "floor", "logical_and", "logical_or",
                        "maximum", "minimum", "nn.dropout", "nn.relu", "round", "sign", "trunc"});
}

bool IsIdentity(const ir::Graph& graph, const BoundCall& call, size_t data) {
  // Moves that keep the shape: `permute_dims` may still exchange equal extents.
  if (IsOneOf(call.name, {"astype", "broadcast_to", "expand_dims", "flatten", "nn.batch_flatten",
                          "nn.dropout", "reshape", "squeeze", "tile"})) {
    return true;
  }
  if (call.name == "nn.relu") return IsNonNegative(graph, call.args[data]);
  if (call.args.size() != 2) return false;
  const ir::Any& other = call.args[1 - data];
  const bool left = data == 0;
  if (call.name == "add" || (call.name == "subtract" && left)) {
    return IsFilledWith(graph, other, 0);
  }
  return (call.name == "multiply" || (call.name == "divide" && left)) &&
         IsFilledWith(graph, other, 1);
}

}  // namespace mutatenn::operators
