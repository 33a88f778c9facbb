// `flip-bit`: one bit of some weights, inverted.
#include <set>

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

// The sign and, of floating-point numbers, the highest bit of the exponent.
std::vector<std::string> UsualBits(const ir::Weights& weights) {
  std::vector<std::string> bits = {std::to_string(weights.bits() - 1)};
  if (weights.IsFloat()) bits.push_back(std::to_string(weights.bits() - 2));
  return bits;
}

// The elements to change, drawn by the seed; such as are not zero first, since a zero has no sign.
std::set<int64_t> Drawn(const ir::Weights& weights, int64_t count, int64_t seed) {
  Random random(seed);
  std::set<int64_t> chosen;
  while (static_cast<int64_t>(chosen.size()) < count) {
    int64_t index = random.Below(weights.size());
    for (int64_t i = 0; i < weights.size(); ++i, index = (index + 1) % weights.size()) {
      if (chosen.count(index) == 0 && weights.At(index) != 0) break;
    }
    while (chosen.count(index) > 0) index = (index + 1) % weights.size();
    chosen.insert(index);
  }
  return chosen;
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const std::optional<WeightSite> site = WeightAt(at, settings);
  if (!site) return {};
  const std::string count(engine::ValueOf(settings, "count", "1"));
  if (engine::IntegerOf(count) > site->weights.size()) return {};
  std::vector<Replacement> found;
  for (const std::string& bit : engine::ValuesOf(settings, "bit", UsualBits(site->weights))) {
    if (engine::IntegerOf(bit) >= site->weights.bits()) continue;
    found.push_back({{{"bit", bit}, {"count", count}, {"seed", std::to_string(SeedOf(settings))}}});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  ir::Weights weights = *ir::WeightsOf(at.node);
  const int64_t bit = engine::IntegerOf(engine::ValueOf(settings, "bit"));
  const int64_t count = engine::IntegerOf(engine::ValueOf(settings, "count"));
  for (int64_t index : Drawn(weights, count, SeedOf(settings))) {
    weights.FlipBit(index, static_cast<int>(bit));
  }
  return weights.Constant();
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "flip-bit",
    "weights",
    1,
    {"weight"},
    "Inverts one bit of some weights.",
    "A soft error in the memory that holds the weights.",
    "Bit flips of TensorFI, Chen et al., ISSRE 2020, and BinFI, Chen et al., SC 2019.",
    {"bits that the element type does not have", kNoWeights},
    {{"bit",
      {"31", "30"},
      "the sign, and the highest bit of the exponent",
      "Which bit, counted from the lowest.",
      Form::kInteger,
      0,
      63},
     {"count", {"1"}, "1", "How many weights are changed.", Form::kInteger, 1},
     SeedParameter("Which weights are drawn."),
     FunctionsParameter()},
    {keys::kConstant},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
