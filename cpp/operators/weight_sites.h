// What the operators on weights share: the constants they work on, and their channels.
#ifndef MUTATENN_OPERATORS_WEIGHT_SITES_H_
#define MUTATENN_OPERATORS_WEIGHT_SITES_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../engine/operator.h"
#include "../ir/graph.h"
#include "../ir/weights.h"

namespace mutatenn::operators {

// A constant tensor that a call takes, with the axes of its output and its input channels (-1:
// none).
struct WeightSite {
  ir::Weights weights;
  int64_t output_axis;
  int64_t input_axis;
};

// The weights at a place; none for other nodes, single elements and what is no argument of an
// operator, and where `functions` does not name the operator.
std::optional<WeightSite> WeightAt(const ir::Cursor& at, const engine::Settings& settings);

// Slices of a tensor across one axis: its channels.
class Channels {
 public:
  Channels(const ir::Weights& weights, int64_t axis);
  int64_t count() const { return count_; }
  // Number of elements of a channel, and where the n-th of them lies.
  int64_t size() const { return outer_ * inner_; }
  int64_t Index(int64_t channel, int64_t n) const {
    return (n / inner_ * count_ + channel) * inner_ + n % inner_;
  }

 private:
  int64_t outer_ = 1, count_, inner_ = 1;
};

// The channels that `side` asks for; none where the tensor has no such axis.
std::optional<Channels> ChannelsOf(const WeightSite& site, const engine::Settings& settings);

// The channel that `channel` names, if it passes `fits`; else the first one that does, from a
// channel drawn by `seed` onwards.
std::optional<int64_t> ChooseChannel(const Channels& channels, const engine::Settings& settings,
                                     const std::function<bool(int64_t)>& fits);

// The parameters that several of these operators have.
engine::Parameter SideParameter();
engine::Parameter ChannelParameter();
engine::Parameter SeedParameter(const char* summary);
int64_t SeedOf(const engine::Settings& settings);

// What all of them leave alone.
extern const char* const kNoWeights;

}  // namespace mutatenn::operators
#endif  // MUTATENN_OPERATORS_WEIGHT_SITES_H_
