// `change-layout`: a convolution in the other layout, between conversions there and back.
#include <map>

#include "../ir/keys.h"
#include "graph_calls.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// Axes in the order of `to`, by their places in `from`: NCHW to NHWC is 0, 2, 3, 1.
std::vector<int64_t> Order(const std::string& from, const std::string& to) {
  std::vector<int64_t> axes;
  for (char axis : to) axes.push_back(from.find(axis));
  return axes;
}

std::string LayoutOf(const ir::Any& call, const char* attribute) {
  const ir::Any layout = ir::AttrOf(call, attribute);
  return ir::IsNone(layout) ? "" : layout.cast<std::string>();
}

// The layout of weights that goes with one of data.
const std::map<std::string, std::string> kKernels = {{"NCHW", "OIHW"}, {"NHWC", "HWIO"}};

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::optional<BoundCall> call = CallAt(at);
  if (!call || call->name != "nn.conv2d" || !ir::TensorOf(at.node)) return {};
  const std::string data = LayoutOf(at.node, "data_layout");
  auto kernel = kKernels.find(data);
  if (kernel == kKernels.end() || LayoutOf(at.node, "kernel_layout") != kernel->second) return {};
  if (LayoutOf(at.node, "out_layout") != data) return {};
  const std::string other = data == "NCHW" ? "NHWC" : "NCHW";
  if (engine::ValueOf(settings, "to", other) != other) return {};
  return {{{{"to", other}}, "", true}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const std::string to(engine::ValueOf(settings, "to"));
  const std::string from = LayoutOf(at.node, "data_layout");
  const auto args = ir::ArgsOf(at.node);
  const ir::Any data = ir::MakePermute(args[0], Order(from, to), at.node);
  const ir::Any kernel =
      ir::MakePermute(args[1], Order(kKernels.at(from), kKernels.at(to)), at.node);
  ir::Any call = ir::WithArgs(at.node, {data, kernel});
  call = ir::WithAttr(call, "data_layout", ir::String(to));
  call = ir::WithAttr(call, "kernel_layout", ir::String(kKernels.at(to)));
  call = ir::WithAttr(call, "out_layout", ir::String(to));
  return ir::MakePermute(call, Order(to, from), at.node);
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "change-layout",
    "graph",
    1,
    {"graph"},
    "Computes a convolution in the other layout, NHWC for NCHW, between conversions.",
    "None: the program means what it did. Another answer shows a defect of the compiler, or how "
    "much the order of additions matters.",
    "Compiler validation by programs that must agree: Le, Afshari and Su, PLDI 2014; the rewrite "
    "is "
    "what TVM's ConvertLayout does around one operator.",
    {"convolutions in other layouts than NCHW with OIHW and NHWC with HWIO"},
    {{"to", {"NCHW", "NHWC"}, "the other one", "The layout of the data."}},
    {keys::kCall},
    Replacements,
    Rewrite,
    "",
    "all of them; sums may be added in another order",
});

}  // namespace
}  // namespace mutatenn::operators
