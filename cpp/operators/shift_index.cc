// `shift-index`: an access one element beside the right one.
#include "../engine/operator.h"
#include "../ir/index.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  if (!ir::IsIndex(at)) return {};
  const std::string axis = std::to_string(at.path.back().item);
  if (engine::ValueOf(settings, "axis", axis) != axis) return {};
  std::string_view access = at.parent.GetTypeKey() == "tirx.BufferStore" ? "store" : "load";
  if (engine::ValueOf(settings, "access", access) != access) return {};
  std::vector<Replacement> found;
  for (const std::string& by : engine::ValuesOf(settings, "by", {"1", "-1"})) {
    const int64_t amount = engine::IntegerOf(by);
    if (amount != 0 && ir::CanShift(at.node, amount)) found.push_back({{{"by", by}}});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  return ir::Shifted(at.node, engine::IntegerOf(engine::ValueOf(settings, "by")));
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "shift-index",
    "index",
    1,
    {"tensor", "kernel"},
    "Moves one index of a load or a store by one element; of a vector, all its lanes.",
    "An off-by-one in the address of an access: a halo, a padding or a tile's origin is "
    "computed wrongly.",
    "Unary operator insertion (UOI), Offutt et al., TOSEM 5(2), 1996, as increments of indices.",
    {"regions that blocks declare: they follow the accesses",
     "indices that a literal would leave the type's range"},
    {{"axis",
      {},
      "any axis",
      "Only this index of an access, counted from 0.",
      Form::kInteger,
      0,
      1e9},
     {"access", {"load", "store"}, "both", "Only loads, or only stores."},
     {"by", {"1", "-1"}, "1 and -1", "By how many elements.", Form::kInteger, -1e9, 1e9}},
    {},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
