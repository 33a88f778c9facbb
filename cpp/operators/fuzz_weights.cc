// `fuzz-weights`: weights with Gaussian noise.
#include <cmath>

#include "../ir/keys.h"
#include "graph_calls.h"
#include "random.h"
#include "weight_sites.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// The root mean square of the weights: their scale, also where all are equal.
double ScaleOf(const ir::Weights& weights) {
  double sum = 0;
  for (int64_t i = 0; i < weights.size(); ++i) sum += weights.At(i) * weights.At(i);
  return std::sqrt(sum / static_cast<double>(weights.size()));
}

ir::Weights Fuzzed(ir::Weights weights, const Settings& settings) {
  const double deviation = engine::NumberOf(engine::ValueOf(settings, "sigma")) * ScaleOf(weights);
  Random random(SeedOf(settings));
  for (int64_t i = 0; i < weights.size(); ++i) {
    weights.Set(i, weights.At(i) + deviation * random.Normal());
  }
  return weights;
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const std::optional<WeightSite> site = WeightAt(at, settings);
  if (!site || !site->weights.IsFloat()) return {};
  std::vector<Replacement> found;
  for (const std::string& sigma : engine::ValuesOf(settings, "sigma", {"0.1"})) {
    const double scale = ScaleOf(site->weights);
    if (!std::isfinite(scale) || scale * engine::NumberOf(sigma) == 0) continue;
    found.push_back({{{"sigma", sigma}, {"seed", std::to_string(SeedOf(settings))}}});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  return Fuzzed(*ir::WeightsOf(at.node), settings).Constant();
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "fuzz-weights",
    "weights",
    1,
    {"weight"},
    "Adds Gaussian noise to weights.",
    "Weights are stored, transferred or converted inexactly, or training is disturbed.",
    "Gaussian fuzzing (GF), DeepMutation, Ma et al., ISSRE 2018, arXiv 1805.05206.",
    {"weights that are no floating-point numbers, and weights that are all 0", kNoWeights},
    {{"sigma",
      {"0.1"},
      "0.1",
      "Standard deviation of the noise, relative to the root mean square of the weights.",
      Form::kNumber,
      0},
     SeedParameter("Which noise is drawn."),
     FunctionsParameter()},
    {keys::kConstant},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
