// `shuffle-weights`: the weights of a channel, or of a whole tensor, in another order.
#include <numeric>

#include "../ir/keys.h"
#include "graph_calls.h"
#include "random.h"
#include "weight_sites.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

bool IsWhole(const Settings& settings) { return engine::ValueOf(settings, "part") == "all"; }

// Where the elements lie that change places; empty where all of them are the same.
std::vector<int64_t> PlacesOf(const WeightSite& site, const Settings& settings, int64_t channel) {
  std::vector<int64_t> places;
  if (IsWhole(settings)) {
    places.resize(site.weights.size());
    std::iota(places.begin(), places.end(), 0);
  } else {
    const Channels channels = *ChannelsOf(site, settings);
    for (int64_t n = 0; n < channels.size(); ++n) places.push_back(channels.Index(channel, n));
  }
  for (int64_t place : places) {
    if (!site.weights.SameBits(place, places[0])) return places;
  }
  return {};
}

ir::Weights Shuffled(ir::Weights weights, const std::vector<int64_t>& places, int64_t seed) {
  std::vector<int64_t> from = places;
  Random random(seed);
  // Fisher and Yates.
  for (size_t i = from.size() - 1; i > 0; --i) std::swap(from[i], from[random.Below(i + 1)]);
  for (size_t i = 0; i < places.size(); ++i) weights.Copy(places[i], from[i]);
  if (weights.Changed()) return weights;
  // Chance put all back; moving all by one changes what is not constant.
  for (size_t i = 0; i < places.size(); ++i) {
    weights.Copy(places[i], places[(i + 1) % places.size()]);
  }
  return weights;
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const std::optional<WeightSite> site = WeightAt(at, settings);
  if (!site) return {};
  Settings complete = {{"seed", std::to_string(SeedOf(settings))}, {"part", "all"}};
  if (IsWhole(settings)) {
    if (settings.count("channel") + settings.count("side") > 0) return {};
    if (PlacesOf(*site, settings, 0).empty()) return {};
    return {{std::move(complete)}};
  }
  const std::optional<Channels> channels = ChannelsOf(*site, settings);
  if (!channels) return {};
  auto differs = [&](int64_t channel) { return !PlacesOf(*site, settings, channel).empty(); };
  const std::optional<int64_t> channel = ChooseChannel(*channels, settings, differs);
  if (!channel) return {};
  complete["part"] = "channel";
  complete["channel"] = std::to_string(*channel);
  complete["side"] = engine::ValueOf(settings, "side", "output");
  return {{std::move(complete)}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const WeightSite site = *WeightAt(at, {});
  const int64_t channel = engine::IntegerOf(engine::ValueOf(settings, "channel", "0"));
  return Shuffled(site.weights, PlacesOf(site, settings, channel), SeedOf(settings)).Constant();
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "shuffle-weights",
    "weights",
    1,
    {"weight"},
    "Shuffles the weights of one channel, or of a whole tensor.",
    "Weights are packed or laid out in another order than the kernel reads them in.",
    "Weight shuffling (WS), DeepMutation, Ma et al., ISSRE 2018, arXiv 1805.05206.",
    {"channels of one element, such as those of a bias, unless `part` is `all`",
     "weights that are all the same", kNoWeights},
    {{"part", {"channel", "all"}, "channel", "What is shuffled."},
     SideParameter(),
     ChannelParameter(),
     SeedParameter("Which order is drawn, and which channel."),
     FunctionsParameter()},
    {keys::kConstant},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
