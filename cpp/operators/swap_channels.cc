// `swap-channels`: two channels of the weights, exchanged.
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

bool Differ(const WeightSite& site, const Channels& channels, int64_t one, int64_t other) {
  for (int64_t n = 0; n < channels.size(); ++n) {
    if (!site.weights.SameBits(channels.Index(one, n), channels.Index(other, n))) return true;
  }
  return false;
}

// The channel that `with` names, or the first after `channel` that differs from it.
std::optional<int64_t> PartnerOf(const WeightSite& site, const Channels& channels,
                                 const Settings& settings, int64_t channel) {
  std::string_view with = engine::ValueOf(settings, "with");
  if (!with.empty()) {
    const int64_t other = engine::IntegerOf(with);
    const bool fits = other < channels.count() && Differ(site, channels, channel, other);
    return fits ? std::optional<int64_t>(other) : std::nullopt;
  }
  for (int64_t i = 1; i < channels.count(); ++i) {
    const int64_t other = (channel + i) % channels.count();
    if (Differ(site, channels, channel, other)) return other;
  }
  return std::nullopt;
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const std::optional<WeightSite> site = WeightAt(at, settings);
  if (!site) return {};
  const std::optional<Channels> channels = ChannelsOf(*site, settings);
  if (!channels) return {};
  auto has_partner = [&](int64_t channel) {
    return PartnerOf(*site, *channels, settings, channel).has_value();
  };
  const std::optional<int64_t> channel = ChooseChannel(*channels, settings, has_partner);
  if (!channel) return {};
  const int64_t other = *PartnerOf(*site, *channels, settings, *channel);
  return {{{{"channel", std::to_string(*channel)},
            {"with", std::to_string(other)},
            {"side", std::string(engine::ValueOf(settings, "side", "output"))}}}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const WeightSite site = *WeightAt(at, {});
  const Channels channels = *ChannelsOf(site, settings);
  const int64_t one = engine::IntegerOf(engine::ValueOf(settings, "channel"));
  const int64_t other = engine::IntegerOf(engine::ValueOf(settings, "with"));
  ir::Weights weights = site.weights;
  for (int64_t n = 0; n < channels.size(); ++n) {
    weights.Copy(channels.Index(one, n), channels.Index(other, n));
    weights.Copy(channels.Index(other, n), channels.Index(one, n));
  }
  return weights.Constant();
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "swap-channels",
    "weights",
    1,
    {"weight"},
    "Exchanges two channels of the weights.",
    "Channels are permuted in one tensor and not in those that go with it.",
    "Neuron switch (NS), DeepMutation, Ma et al., ISSRE 2018, arXiv 1805.05206.",
    {"channels that are equal, and weights of one channel", kNoWeights},
    {SideParameter(),
     ChannelParameter(),
     {"with",
      {"0", "1"},
      "the next one that differs",
      "The other channel, counted from 0.",
      Form::kInteger,
      0},
     SeedParameter("Which channel is drawn."),
     FunctionsParameter()},
    {keys::kConstant},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
