// `insert-op`: one more operator, before an argument of a call or after it.
#include <algorithm>

#include "../ir/keys.h"
#include "graph_calls.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

constexpr double kLeast = -1, kMost = 1;

// The first are those that are offered where `op` is left out.
const std::vector<std::string> kInserted = {"negative", "exp",  "abs",     "round",    "sqrt",
                                            "nn.relu",  "clip", "sigmoid", "tanh",     "square",
                                            "floor",    "ceil", "sign",    "transpose"};
constexpr size_t kByDefault = 2;

// The order of axes in which the first two of each group of equal extents have changed places;
// empty where that moves no element.
std::vector<int64_t> Exchanged(const std::vector<int64_t>& shape) {
  std::vector<int64_t> axes(shape.size());
  for (size_t i = 0; i < axes.size(); ++i) axes[i] = i;
  bool moves = false;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (std::find(shape.begin(), shape.begin() + i, shape[i]) != shape.begin() + i) continue;
    auto second = std::find(shape.begin() + i + 1, shape.end(), shape[i]);
    if (second == shape.end()) continue;
    std::swap(axes[i], axes[second - shape.begin()]);
    moves = moves || shape[i] > 1;
  }
  return moves ? axes : std::vector<int64_t>();
}

ir::Any Inserted(const std::string& op, const ir::Any& tensor, const ir::TensorFacts& facts,
                 const ir::Any& like) {
  if (op == "transpose") return ir::MakePermute(tensor, Exchanged(facts.shape), like);
  if (op == "clip") return ir::MakeClip(tensor, kLeast, kMost, like);
  return ir::MakeCall(op, {tensor}, like);
}

bool Takes(const std::string& op, const ir::TensorFacts& facts) {
  if (op == "transpose") return !Exchanged(facts.shape).empty();
  if (facts.IsFloat()) return true;
  // TVM defines the others on floating-point numbers, or they change no integer.
  return facts.dtype.code == kDLInt &&
         IsOneOf(op, {"abs", "negative", "nn.relu", "sign", "square"});
}

// Whether the operator changes nothing of a tensor.
bool IsIdle(const ir::Graph& graph, const std::string& op, const ir::Any& tensor) {
  if (IsOneOf(op, {"nn.relu", "abs"})) return IsNonNegative(graph, tensor);
  if (!IsOneOf(op, {"ceil", "floor", "round", "sign"})) return false;
  const ir::Any producer = graph.ProducerOf(tensor);
  const std::string made_by = ir::IsNone(producer) ? "" : ir::OperatorOf(producer);
  return op == "sign" ? made_by == "sign" : IsOneOf(made_by, {"ceil", "floor", "round", "sign"});
}

// Whether all that reads a value does to it what the operator would have done.
bool IsRepeated(const ir::Graph& graph, const std::string& op, const ir::Any& var) {
  if (!IsIdempotent(op) || op == "transpose") return false;
  const std::vector<ir::Any> readers = graph.ReadersOf(var);
  return !readers.empty() && std::all_of(readers.begin(), readers.end(), [&](const auto& reader) {
    return !ir::IsNone(reader) && ir::OperatorOf(reader) == op && op != "clip";
  });
}

// Where an operator may go at a call.
struct Place {
  std::string order;
  int64_t argument;
};

std::vector<Place> PlacesAt(const BoundCall& call, const Settings& settings) {
  const bool gives_tensor = ir::TensorOf(call.type).has_value();
  std::string_view fallback = gives_tensor && settings.count("argument") == 0 ? "after" : "before";
  const std::string order(engine::ValueOf(settings, "order", fallback));
  if (order == "after") {
    if (gives_tensor && settings.count("argument") == 0) return {{order, 0}};
    return {};
  }
  const int64_t argument = engine::IntegerOf(engine::ValueOf(settings, "argument", "0"));
  if (argument < static_cast<int64_t>(call.args.size())) return {{order, argument}};
  return {};
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::optional<BoundCall> call = CallAt(at);
  if (!call || !IsMeant(settings, call->name)) return {};
  std::vector<Replacement> found;
  for (const Place& place : PlacesAt(*call, settings)) {
    const bool after = place.order == "after";
    const ir::Any& tensor = after ? call->var : call->args[place.argument];
    const auto facts = ir::TensorOf(tensor);
    if (!facts) continue;
    const std::vector<std::string> usual(kInserted.begin(), kInserted.begin() + kByDefault);
    for (const std::string& op : engine::ValuesOf(settings, "op", usual)) {
      if (!Takes(op, *facts) || IsIdle(*at.graph, op, after ? at.node : tensor)) continue;
      if (after && IsRepeated(*at.graph, op, call->var)) continue;
      if (!after && IsIdempotent(op) && call->name == op) continue;
      Settings complete = {{"op", op}, {"order", place.order}};
      if (!after) complete["argument"] = std::to_string(place.argument);
      found.push_back({std::move(complete)});
    }
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const std::string op(engine::ValueOf(settings, "op"));
  if (engine::ValueOf(settings, "order") == "after") {
    return Inserted(op, at.node, *ir::TensorOf(at.node), at.node);
  }
  const int64_t index = engine::IntegerOf(engine::ValueOf(settings, "argument"));
  const ir::Any tensor = ir::ArgsOf(at.node)[index];
  return ir::WithArg(at.node, index, Inserted(op, tensor, *ir::TensorOf(tensor), at.node));
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "insert-op",
    "graph",
    1,
    {"graph"},
    "Inserts an operator after a call, or before one of its arguments.",
    "A conversion of layout, type or scale is added where none belongs, or an operator is emitted "
    "twice.",
    "Node input and output modifications of MutateNN, arXiv 2306.01697; layer addition (LAm), "
    "DeepMutation, Ma et al., ISSRE 2018, arXiv 1805.05206.",
    {"what changes nothing: relu or abs of what relu or abs made, rounding of what is rounded, a "
     "transpose that exchanges extents of one, relu before or after relu",
     "transpose where no two extents are equal; on integers all but abs, negative, relu, sign, "
     "square and transpose",
     "arguments that are no tensors of static shape, such as the tuple that concat takes",
     "launches of kernels (call_tir)"},
    {{"op", kInserted, "negative and exp in turn",
      "What is inserted. `transpose` exchanges the first two axes of each group of equal extents; "
      "`clip` keeps values between -1 and 1."},
     {"order",
      {"before", "after"},
      "after, or before where `argument` is given or the call gives no tensor",
      "Whether an argument is changed or the result."},
     {"argument",
      {"0", "1"},
      "0",
      "The argument that is changed, counted from 0.",
      Form::kInteger,
      0},
     FunctionsParameter()},
    {keys::kCall},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
