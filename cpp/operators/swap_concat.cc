// `swap-concat`: two neighbouring inputs of a concatenation, exchanged.
#include "../ir/keys.h"
#include "graph_calls.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// The tuple of inputs, behind a variable that is bound to it.
ir::Any InputsOf(const ir::Graph& graph, const ir::Any& call) {
  const ir::Any inputs = ir::ArgsOf(call)[0];
  return ir::IsVar(inputs) ? graph.ValueOf(inputs) : inputs;
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::optional<BoundCall> call = CallAt(at);
  if (!call || call->name != "concat") return {};
  const ir::Any inputs = InputsOf(*at.graph, at.node);
  if (ir::IsNone(inputs) || !ir::IsTuple(inputs)) return {};
  const auto fields = ir::FieldsOf(inputs);
  std::string_view wanted = engine::ValueOf(settings, "input");
  std::vector<Replacement> found;
  for (size_t i = 0; i + 1 < fields.size(); ++i) {
    if (!wanted.empty() && engine::IntegerOf(wanted) != static_cast<int64_t>(i)) continue;
    if (!SameExpr(fields[i], fields[i + 1])) found.push_back({{{"input", std::to_string(i)}}});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  ir::Array<ir::Any> fields = ir::FieldsOf(InputsOf(*at.graph, at.node));
  const int64_t first = engine::IntegerOf(engine::ValueOf(settings, "input"));
  const ir::Any kept = fields[first];
  fields.Set(first, fields[first + 1]);
  fields.Set(first + 1, kept);
  return ir::WithArg(at.node, 0, ir::MakeTuple(fields));
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "swap-concat",
    "graph",
    1,
    {"graph"},
    "Exchanges two neighbouring inputs of a concatenation.",
    "Branches are joined in the wrong order, so that channels reach the wrong weights.",
    "Argument switch (ArgSwi) of interface mutation: Delamaro, Maldonado and Mathur, IEEE TSE "
    "27(3), 2001; node input modifications of MutateNN, arXiv 2306.01697.",
    {"inputs that are the same value", "concatenations of a tuple that is given as a parameter"},
    {{"input",
      {"0", "1"},
      "each pair in turn",
      "The first of the two, counted from 0.",
      Form::kInteger,
      0}},
    {keys::kCall},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
