// `change-attr`: an operator of the graph with another attribute.
#include <algorithm>
#include <cmath>

#include "../ir/keys.h"
#include "graph_calls.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;
using Integers = std::vector<int64_t>;
namespace keys = ir::keys;

constexpr const char* kEpsilon = "0.01";

// Those that keep the shape of the result come first.
const std::vector<std::string> kAttributes = {"padding-side", "epsilon",  "count-include-pad",
                                              "axis",         "strides",  "padding",
                                              "dilation",     "ceil-mode"};

// TVM's name of an attribute; layer_norm calls its axis `axes`.
std::string FieldOf(const ir::Any& call, const std::string& attribute) {
  if (attribute == "padding-side") return "padding";
  if (attribute == "axis" && ir::IsNone(ir::AttrOf(call, "axis"))) return "axes";
  std::string name = attribute;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

ir::Any WithIntegers(const ir::Any& call, const std::string& field, const Integers& values) {
  const bool scalar = ir::AttrOf(call, field).type_index() == tvm::ffi::TypeIndex::kTVMFFIInt;
  if (scalar) return ir::WithAttr(call, field, values.front());
  return ir::WithAttr(call, field, ir::Array<int64_t>(values.begin(), values.end()));
}

bool AllAre(const Integers& values, int64_t value) {
  return std::all_of(values.begin(), values.end(), [value](int64_t one) { return one == value; });
}

// Padding moved by one from the end of each axis to its beginning, or back where there is none.
Integers Moved(Integers padding) {
  const size_t axes = padding.size() / 2;
  for (size_t i = 0; i < axes && padding.size() % 2 == 0; ++i) {
    int64_t &begin = padding[i], &end = padding[axes + i];
    if (end > 0) {
      ++begin, --end;
    } else if (begin > 0) {
      --begin, ++end;
    }
  }
  return padding;
}

// The spatial extents of what slides over the data; empty where nothing does.
Integers WindowOf(const BoundCall& call, const ir::Any& node) {
  const Integers pool = ir::IntegersIn(ir::AttrOf(node, "pool_size"));
  if (!pool.empty() || call.args.size() < 2) return pool;
  const ir::Any layout = ir::AttrOf(node, "kernel_layout");
  const auto kernel = ir::TensorOf(call.args[1]);
  if (ir::IsNone(layout) || !kernel) return {};
  Integers window;
  const auto text = layout.cast<std::string>();
  for (size_t i = 0; i < text.size() && i < kernel->shape.size(); ++i) {
    if (text[i] == 'D' || text[i] == 'H' || text[i] == 'W') window.push_back(kernel->shape[i]);
  }
  return window;
}

// Whether the change can make no difference at this place, or TVM takes no notice of it.
bool IsIdle(const BoundCall& call, const ir::Any& node, const std::string& attribute,
            const ir::Any& type) {
  const bool pools = call.name.find("_pool") != std::string::npos;
  if (attribute == "strides" || attribute == "ceil-mode") return ir::SameType(type, call.type);
  if (attribute == "dilation") return AllAre(WindowOf(call, node), 1);
  if (attribute == "count-include-pad") {
    return !pools || call.name.find("avg") == std::string::npos ||
           AllAre(ir::IntegersIn(ir::AttrOf(node, "padding")), 0);
  }
  return false;
}

// The call with an attribute set, or None where it has none of that name or would stay the same.
// `to` is empty for the one that is offered.
ir::Any Changed(const BoundCall& call, const ir::Any& node, const std::string& attribute,
                std::string* to) {
  const std::string field = FieldOf(node, attribute);
  const ir::Any old = ir::AttrOf(node, field);
  if (ir::IsNone(old)) return ir::Any();
  if (attribute == "epsilon") {
    if (to->empty()) *to = kEpsilon;
    const double value = engine::NumberOf(*to);
    return old.cast<double>() == value ? ir::Any() : ir::WithAttr(node, field, value);
  }
  if (attribute == "ceil-mode" || attribute == "count-include-pad") {
    const bool flag = to->empty() ? !old.cast<bool>() : engine::NumberOf(*to) != 0;
    *to = flag ? "1" : "0";
    return flag == old.cast<bool>() ? ir::Any() : ir::WithAttr(node, field, flag);
  }
  const Integers values = ir::IntegersIn(old);
  if (values.empty()) return ir::Any();
  if (attribute == "padding-side") {
    const Integers moved = Moved(values);
    if (moved == values || !to->empty()) return ir::Any();
    return WithIntegers(node, field, moved);
  }
  if (to->empty()) {
    const int64_t least = attribute == "padding" ? 0 : 1;
    int64_t offered = AllAre(values, least) ? least + 1 : least;
    const auto facts = ir::TensorOf(call.args[0]);
    const int64_t rank = facts ? facts->shape.size() : 1;
    // The next axis, counted on from the last to the first.
    if (attribute == "axis") offered = ((values.back() + rank) % rank + 1) % rank;
    *to = std::to_string(offered);
  }
  const double number = engine::NumberOf(*to);
  if (std::trunc(number) != number) return ir::Any();
  Integers changed(values.size(), static_cast<int64_t>(number));
  if (attribute == "axis") {
    changed = values;
    changed.back() = static_cast<int64_t>(number);
  }
  return changed == values ? ir::Any() : WithIntegers(node, field, changed);
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::optional<BoundCall> call = CallAt(at);
  if (!call || !IsMeant(settings, call->name)) return {};
  std::vector<Replacement> found;
  for (const std::string& attribute : engine::ValuesOf(settings, "attr", kAttributes)) {
    std::string to(engine::ValueOf(settings, "to"));
    const ir::Any changed = Changed(*call, at.node, attribute, &to);
    if (ir::IsNone(changed)) continue;
    const ir::Any type = ir::InferredType(changed);
    if (ir::IsNone(type) || IsIdle(*call, at.node, attribute, type)) continue;
    Settings complete = {{"attr", attribute}};
    if (!to.empty()) complete["to"] = to;
    found.push_back({std::move(complete)});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  std::string to(engine::ValueOf(settings, "to"));
  return Changed(*CallAt(at), at.node, std::string(engine::ValueOf(settings, "attr")), &to);
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "change-attr",
    "graph",
    1,
    {"graph"},
    "Changes an attribute of an operator: a stride, a padding, an axis, an epsilon.",
    "An importer or a graph rewrite reads an attribute wrongly, or takes its default.",
    "Node input and output modifications of MutateNN, arXiv 2306.01697; constant replacement, King "
    "and Offutt, SP&E 21(7), 1991.",
    {"values that the operator does not accept, and values that it has already",
     "strides and ceil_mode where the shape of the result, and so the result, stays as it is",
     "dilation of windows of one element, count_include_pad without padding or of max_pool",
     "launches of kernels (call_tir)"},
    {{"attr", kAttributes, "each that the operator has, in turn",
      "The attribute. `padding-side` moves one row and column of padding from one side to the "
      "other, which keeps the shape; what changes the shape of the result changes all that "
      "follows, "
      "and is refused where something there does not take it."},
     {"to",
      {"0", "1"},
      "for strides and dilation 1, or 2 where it is 1; for padding 0, or 1 where it is 0; the next "
      "axis; 0.01 for epsilon; the opposite of a flag (0 or 1)",
      "The new value; of a list the value of all items, of a list of axes that of the last.",
      Form::kNumber},
     FunctionsParameter()},
    {keys::kCall},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
