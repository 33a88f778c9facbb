// `tweak-init`: a reduction that begins with another value.
#include <cmath>
#include <limits>

#include "../engine/operator.h"
#include "../ir/access.h"
#include "../ir/accumulator.h"
#include "../ir/expr.h"
#include "../ir/keys.h"
#include "../ir/literal.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

const std::vector<std::string> kValues = {"zero",    "one",    "minus-one",
                                          "highest", "lowest", "relative"};
constexpr const char* kShare = "0.01";

// The largest number of a floating-point type; nothing for one without an infinity.
std::optional<double> Largest(DLDataType type) {
  if (type.bits == 64) return std::numeric_limits<double>::max();
  if (type.bits == 32) return std::numeric_limits<float>::max();
  if (type.bits == 16) return type.code == kDLBfloat ? 0x1.FEp127 : 65504.0;
  return std::nullopt;
}

// The least or greatest value of an integer type as far as an int64 holds it.
std::optional<int64_t> Limit(DLDataType type, bool highest) {
  if (type.code == kDLUInt && type.bits == 64 && highest) return std::nullopt;
  const int bits = type.code == kDLUInt ? type.bits : type.bits - 1;
  if (highest) return bits == 63 ? INT64_MAX : (int64_t{1} << bits) - 1;
  return type.code == kDLUInt ? 0 : bits == 63 ? INT64_MIN : -(int64_t{1} << bits);
}

std::optional<int64_t> WholeNumber(DLDataType type, std::string_view to) {
  if (to == "zero") return 0;
  if (to == "one") return 1;
  if (to == "minus-one") return type.code == kDLUInt ? std::nullopt : std::optional<int64_t>(-1);
  if (to == "highest" || to == "lowest") return Limit(type, to == "highest");
  return std::nullopt;
}

// The other value as a number; nothing where the type has none such, or the original is unknown.
std::optional<double> Number(const ir::Any& value, std::string_view to, double share) {
  const std::optional<double> now = ir::NumberIn(value);
  const std::optional<double> largest = Largest(*ir::DTypeOf(value));
  if (to == "zero") return 0;
  if (to == "one") return 1;
  if (to == "minus-one") return -1;
  if (!largest) return std::nullopt;
  // Where the bound itself stands already, infinity is the same identity.
  const double sign = to == "lowest" ? -1 : 1;
  if (to != "relative") {
    if (now && sign * *now >= *largest) return std::nullopt;
    return sign * std::numeric_limits<double>::infinity();
  }
  if (!now) return std::nullopt;
  const double scaled = *now * (1 + share);
  return std::abs(scaled) <= *largest ? std::optional<double>(scaled) : std::nullopt;
}

double ShareOf(const Settings& settings) {
  return engine::NumberOf(engine::ValueOf(settings, "by", kShare));
}

// The value that stands there instead; None where the type has none such or it is the same.
ir::Any Made(const ir::Any& value, std::string_view to, double share) {
  const ir::Domain domain = ir::DomainOf(value);
  const std::optional<double> now = ir::NumberIn(value);
  if (domain == ir::Domain::kBool) {
    const bool one = to == "one";
    if ((to != "zero" && !one) || now == (one ? 1.0 : 0.0)) return ir::Any();
    return ir::MakeBool(one, value);
  }
  if (domain == ir::Domain::kInteger) {
    const std::optional<int64_t> other = WholeNumber(*ir::DTypeOf(value), to);
    if (!other || ir::IntegerIn(value) == *other) return ir::Any();
    return ir::MakeInteger(*other, value);
  }
  if (domain != ir::Domain::kFloat) return ir::Any();
  if (to == "relative" && !now && share != 0) {
    const ir::Any factor = ir::MakeFloat(1 + share, value);
    return ir::MakeBinary(ir::NameOf(keys::kMul), value, factor);
  }
  const std::optional<double> other = Number(value, to, share);
  return other && other != now ? ir::MakeFloat(*other, value) : ir::Any();
}

// Whether a value is offered where none is asked for.
bool ByDefault(const ir::Any& value, std::string_view to) {
  const bool literal = ir::NumberIn(value).has_value();
  if (ir::DomainOf(value) == ir::Domain::kFloat) {
    return literal ? to != "relative" : to == "zero" || to == "one" || to == "relative";
  }
  if (to != "highest" && to != "lowest") return true;
  // The identity of min for that of max, and the reverse; sums would overflow.
  const DLDataType type = *ir::DTypeOf(value);
  return literal && ir::DomainOf(value) == ir::Domain::kInteger && type.code == kDLInt &&
         ir::IntegerIn(value) == Limit(type, to == "lowest");
}

// The operator that makes the same of a literal by default; "" if none does.
std::string Same(const ir::Any& value, std::string_view to) {
  const std::optional<double> now = ir::NumberIn(value);
  if (!now || ir::DomainOf(value) == ir::Domain::kBool) return "";
  const std::optional<double> other = to == "zero"        ? std::optional<double>(0)
                                      : to == "one"       ? std::optional<double>(1)
                                      : to == "minus-one" ? std::optional<double>(-1)
                                                          : std::nullopt;
  if (!other) return "";
  if (ir::DomainOf(value) == ir::Domain::kInteger) {
    const bool near = std::abs(*other - *now) == 1;
    return near || *other == 0 || *other == -*now ? "tweak-int" : "";
  }
  const bool same = *now == 0 ? *other == 1 : *other == 0 || *other == -*now;
  return same ? "tweak-float" : "";
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  if (at.path.empty() || at.role() != "value" || !ir::StoreAt(at.parent)) return {};
  if (!ir::DTypeOf(at.node) || !ir::Initialises(at, at.path.size() - 1)) return {};
  const double share = ShareOf(settings);
  std::vector<Replacement> found;
  for (const std::string& to : engine::ValuesOf(settings, "to", kValues)) {
    if (settings.count("to") == 0 && !ByDefault(at.node, to)) continue;
    if (ir::IsNone(Made(at.node, to, share))) continue;
    Settings complete = {{"to", to}};
    if (to == "relative") complete["by"] = engine::ValueOf(settings, "by", kShare);
    found.push_back({std::move(complete), Same(at.node, to)});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  return Made(at.node, engine::ValueOf(settings, "to"), ShareOf(settings));
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "tweak-init",
    "reductions",
    1,
    {"tensor", "kernel"},
    "Begins a reduction with another value.",
    "A reduction is emitted with the identity of another reducer, or with one that is a little "
    "off.",
    "Constant replacement (CRP), King and Offutt, SP&E 21(7), 1991, of a reduction's identity.",
    {"the value that stands there already, and an infinity where the type's largest number of that "
     "sign stands: the same identity",
     "integers take no minus-one where they are unsigned, and no relative change",
     "8-bit floating-point numbers take no infinity"},
    {{"to", kValues,
      "of float literals all but relative; of other floats zero, one and relative; of integers "
      "zero, one, minus-one, and the opposite limit of a limit",
      "What it begins with: highest and lowest are the infinities, or an integer type's limits."},
     {"by", {kShare}, kShare, "The share of it that `relative` adds.", Form::kNumber}},
    {},
    Replacements,
    Rewrite,
    "what tweak-int and tweak-float make of a literal too: zero, its negative, of a float 0 one, "
    "and of integers their neighbours",
});

}  // namespace
}  // namespace mutatenn::operators
