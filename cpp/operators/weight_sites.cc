// Channels by the layout of the call that takes the weights.
#include "weight_sites.h"

#include <algorithm>

#include "graph_calls.h"
#include "random.h"

namespace mutatenn::operators {
namespace {

using engine::Settings;

int64_t PlaceIn(const std::string& layout, char axis) {
  const size_t place = layout.find(axis);
  return place == std::string::npos ? -1 : static_cast<int64_t>(place);
}

int64_t LongestAxis(const std::vector<int64_t>& shape) {
  return std::max_element(shape.begin(), shape.end()) - shape.begin();
}

}  // namespace

const char* const kNoWeights =
    "constants of one element, which are settings such as the bound of a clip, of other types than "
    "float32, float64, int8 and uint8, inside tuples, and those handed to kernels (call_tir)";

std::optional<WeightSite> WeightAt(const ir::Cursor& at, const Settings& settings) {
  if (at.graph == nullptr || !ir::IsConstant(at.node) || at.role() != "args") return std::nullopt;
  const std::string op = ir::OperatorOf(at.parent);
  if (op.empty() || !IsMeant(settings, op)) return std::nullopt;
  std::optional<ir::Weights> weights = ir::WeightsOf(at.node);
  if (!weights || weights->size() <= 1) return std::nullopt;
  const int64_t rank = weights->shape().size();
  const ir::Any layout = ir::AttrOf(at.parent, "kernel_layout");
  if (!ir::IsNone(layout) && at.path.back().item == 1) {
    const auto text = layout.cast<std::string>();
    return WeightSite{std::move(*weights), PlaceIn(text, 'O'), PlaceIn(text, 'I')};
  }
  if (op == "matmul" && rank >= 2) return WeightSite{std::move(*weights), rank - 1, rank - 2};
  // Importers keep the weights of dense layers as (output, input) and transpose them in the graph.
  if (op == "permute_dims" && rank == 2) return WeightSite{std::move(*weights), 0, 1};
  const int64_t axis = LongestAxis(weights->shape());
  return WeightSite{std::move(*weights), axis, -1};
}

Channels::Channels(const ir::Weights& weights, int64_t axis) : count_(weights.shape()[axis]) {
  for (int64_t i = 0; i < axis; ++i) outer_ *= weights.shape()[i];
  for (size_t i = axis + 1; i < weights.shape().size(); ++i) inner_ *= weights.shape()[i];
}

std::optional<Channels> ChannelsOf(const WeightSite& site, const Settings& settings) {
  const bool input = engine::ValueOf(settings, "side") == "input";
  const int64_t axis = input ? site.input_axis : site.output_axis;
  if (axis < 0) return std::nullopt;
  return Channels(site.weights, axis);
}

std::optional<int64_t> ChooseChannel(const Channels& channels, const Settings& settings,
                                     const std::function<bool(int64_t)>& fits) {
  if (settings.count("channel") > 0) {
    const int64_t named = engine::IntegerOf(engine::ValueOf(settings, "channel"));
    if (named < channels.count() && fits(named)) return named;
    return std::nullopt;
  }
  const int64_t first = Random(SeedOf(settings)).Below(channels.count());
  for (int64_t i = 0; i < channels.count(); ++i) {
    const int64_t channel = (first + i) % channels.count();
    if (fits(channel)) return channel;
  }
  return std::nullopt;
}

engine::Parameter SideParameter() {
  return {"side",
          {"output", "input"},
          "output",
          "Whether a channel is what makes one output, or what one input is multiplied by. Only "
          "weights of convolutions and matrix products have input channels."};
}

engine::Parameter ChannelParameter() {
  return {"channel",
          {"0", "1"},
          "one drawn by `seed`",
          "The channel, counted from 0.",
          engine::Form::kInteger,
          0};
}

engine::Parameter SeedParameter(const char* summary) {
  return {"seed", {"0", "1"}, "0", summary, engine::Form::kInteger};
}

int64_t SeedOf(const Settings& settings) {
  return engine::IntegerOf(engine::ValueOf(settings, "seed", "0"));
}

}  // namespace mutatenn::operators
