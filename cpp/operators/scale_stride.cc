// `scale-stride`: an index that goes in steps of another length.
#include "../engine/operator.h"
#include "../ir/expr.h"
#include "../ir/index.h"
#include "../ir/keys.h"
#include "../ir/literal.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// The literal that says how far apart neighbours are; None where there is none.
ir::Any StrideAt(const ir::Any& node) {
  if (ir::IsRamp(node)) {
    const ir::Any stride = ir::StrideOf(node);
    return ir::IntegerIn(stride) ? stride : ir::Any();
  }
  const bool left = ir::IntegerIn(ir::LeftOf(node)).has_value();
  const bool right = ir::IntegerIn(ir::RightOf(node)).has_value();
  if (left == right) return ir::Any();
  return left ? ir::LeftOf(node) : ir::RightOf(node);
}

// The scaled number; quotients are rounded towards zero. 0 where there is none.
int64_t Scaled(int64_t stride, std::string_view action, int64_t by) {
  if (action == "div") return stride / by;
  int64_t product = 0;
  return __builtin_mul_overflow(stride, by, &product) ? 0 : product;
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  if (!ir::IsInIndex(at) || ir::DomainOf(at.node) != ir::Domain::kInteger) return {};
  const ir::Any stride = StrideAt(at.node);
  if (ir::IsNone(stride)) return {};
  const std::string by(engine::ValueOf(settings, "by", "2"));
  const int64_t before = *ir::IntegerIn(stride);
  std::vector<Replacement> found;
  for (const std::string& action : engine::ValuesOf(settings, "action", {"mul", "div"})) {
    const int64_t after = Scaled(before, action, engine::IntegerOf(by));
    if (after == 0 || after == before || !ir::FitsIn(stride, after)) continue;
    found.push_back({{{"action", action}, {"by", by}}});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const ir::Any old = StrideAt(at.node);
  const int64_t by = engine::IntegerOf(engine::ValueOf(settings, "by"));
  const ir::Any stride =
      ir::MakeInteger(Scaled(*ir::IntegerIn(old), engine::ValueOf(settings, "action"), by), old);
  if (ir::IsRamp(at.node)) return ir::WithStride(at.node, stride);
  const bool left = ir::LeftOf(at.node).same_as(old);
  return ir::MakeBinary(ir::NameOf(keys::kMul), left ? stride : ir::LeftOf(at.node),
                        left ? ir::RightOf(at.node) : stride);
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "scale-stride",
    "index",
    1,
    {"tensor", "kernel"},
    "Scales a stride: the literal that a part of an index is multiplied by, or a vector's step.",
    "Rows of another length are assumed: a padded, packed or transposed layout is addressed by the "
    "strides of another.",
    "Constant replacement (CRP), King and Offutt, SP&E 21(7), 1991, in the strides of an address.",
    {"products outside of indices; lowering moves what indices share into bindings of integers, "
     "which count as indices",
     "strides that are no literal", "quotients that are 0, and strides beyond the type's range"},
    {{"action", {"mul", "div"}, "mul and div", "What is done to it; quotients round towards zero."},
     {"by", {"2"}, "2", "The factor or divisor.", Form::kInteger, 2, 1e9}},
    {keys::kMul, "prim.Ramp"},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
