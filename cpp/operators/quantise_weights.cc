// `quantise-weights`: weights rounded to as many levels as some bits can tell apart.
#include <algorithm>
#include <cmath>

#include "../ir/keys.h"
#include "graph_calls.h"
#include "weight_sites.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// Symmetric, one scale for the whole tensor; the largest weight stays as it is.
ir::Weights Quantised(ir::Weights weights, int64_t bits) {
  double most = 0;
  for (int64_t i = 0; i < weights.size(); ++i) most = std::max(most, std::abs(weights.At(i)));
  const double scale = most / (std::ldexp(1, static_cast<int>(bits) - 1) - 1);
  if (scale == 0 || !std::isfinite(scale)) return weights;
  for (int64_t i = 0; i < weights.size(); ++i) {
    const double value = weights.At(i);
    // Where rounding gives the value itself, its bits stay: a minus zero is no change.
    const double rounded = std::nearbyint(value / scale) * scale;
    if (rounded != value && std::isfinite(value)) weights.Set(i, rounded);
  }
  return weights;
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const std::optional<WeightSite> site = WeightAt(at, settings);
  if (!site || !site->weights.IsFloat()) return {};
  std::vector<Replacement> found;
  for (const std::string& bits : engine::ValuesOf(settings, "bits", {"8", "4"})) {
    if (Quantised(site->weights, engine::IntegerOf(bits)).Changed()) {
      found.push_back({{{"bits", bits}}});
    }
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const int64_t bits = engine::IntegerOf(engine::ValueOf(settings, "bits"));
  return Quantised(*ir::WeightsOf(at.node), bits).Constant();
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "quantise-weights",
    "weights",
    1,
    {"weight"},
    "Rounds weights to the levels of a low-precision integer.",
    "Weights pass through a narrower type than the model was trained with.",
    "Arithmetic type mutations of MutateNN, arXiv 2306.01697, for weights; linear "
    "quantisation, Jacob et al., CVPR 2018.",
    {"weights that are no floating-point numbers, and weights that rounding leaves as they are",
     kNoWeights},
    {{"bits",
      {"8", "4"},
      "8 and 4 in turn",
      "Bits of a weight, its sign included.",
      Form::kInteger,
      2,
      24},
     FunctionsParameter()},
    {keys::kConstant},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
