// `zero-channel` and `invert-channel`: one channel of the weights set to zero or negated.
#include "../ir/keys.h"
#include "graph_calls.h"
#include "weight_sites.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// What becomes of each element of the channel.
using Change = double (*)(double);

double Zero(double) { return 0; }
double Negated(double value) { return -value; }

ir::Weights Changed(const WeightSite& site, const Channels& channels, int64_t channel,
                    Change change) {
  ir::Weights weights = site.weights;
  for (int64_t n = 0; n < channels.size(); ++n) {
    const int64_t index = channels.Index(channel, n);
    weights.Set(index, change(weights.At(index)));
  }
  return weights;
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings,
                                      Change change) {
  const std::optional<WeightSite> site = WeightAt(at, settings);
  if (!site) return {};
  const std::optional<Channels> channels = ChannelsOf(*site, settings);
  if (!channels) return {};
  // Minus zero is no other weight.
  auto differs = [&](int64_t channel) {
    for (int64_t n = 0; n < channels->size(); ++n) {
      const double value = site->weights.At(channels->Index(channel, n));
      if (change(value) != value) return true;
    }
    return false;
  };
  const std::optional<int64_t> channel = ChooseChannel(*channels, settings, differs);
  if (!channel || !Changed(*site, *channels, *channel, change).Changed()) return {};
  return {{{{"channel", std::to_string(*channel)},
            {"side", std::string(engine::ValueOf(settings, "side", "output"))}}}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings, Change change) {
  const WeightSite site = *WeightAt(at, {});
  const int64_t channel = engine::IntegerOf(engine::ValueOf(settings, "channel"));
  return Changed(site, *ChannelsOf(site, settings), channel, change).Constant();
}

engine::Operator Make(std::string id, std::string summary, std::string fault_model,
                      std::string source, std::string suppression, Change change) {
  return {std::move(id),
          "weights",
          1,
          {"weight"},
          std::move(summary),
          std::move(fault_model),
          std::move(source),
          {std::move(suppression), kNoWeights},
          {SideParameter(), ChannelParameter(), SeedParameter("Which channel is drawn."),
           FunctionsParameter()},
          {keys::kConstant},
          [change](const ir::Cursor& at, const Settings& settings) {
            return Replacements(at, settings, change);
          },
          [change](const ir::Cursor& at, const Settings& settings) {
            return Rewrite(at, settings, change);
          }};
}

[[maybe_unused]] const bool zero = engine::Catalogue::Get().Add(
    Make("zero-channel", "Sets one channel of the weights to zero.",
         "A part of the weights is not transferred, or a neuron loses its effect.",
         "Neuron effect block (NEB), DeepMutation, Ma et al., ISSRE 2018, arXiv 1805.05206: with "
         "`side=input` the next layer ignores one neuron.",
         "channels that are zero already", Zero));

[[maybe_unused]] const bool invert = engine::Catalogue::Get().Add(
    Make("invert-channel", "Negates one channel of the weights.",
         "A sign is lost or taken twice where weights are converted.",
         "Neuron activation inverse (NAI), DeepMutation, Ma et al., ISSRE 2018, arXiv 1805.05206, "
         "at the weights of the neuron; its bias is a place of its own.",
         "channels that are zero, and weights of uint8", Negated));

}  // namespace
}  // namespace mutatenn::operators
