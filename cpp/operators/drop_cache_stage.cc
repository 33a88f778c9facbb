// `drop-cache-stage`: a cache that is never filled, or never written back.
#include "../engine/operator.h"
#include "../ir/copy_stage.h"
#include "../ir/keys.h"
#include "../ir/sequence.h"
#include "../ir/stmt.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;
using ir::CopyStage;
namespace keys = ir::keys;

// The stages of the sequence at a cursor that are made of several of its statements.
std::vector<CopyStage> SpreadStages(const ir::Cursor& at) {
  std::vector<CopyStage> spread;
  for (CopyStage& stage : ir::CopyStagesIn(at.node, *at.above, at.above->size())) {
    if (stage.items.size() > 1) spread.push_back(std::move(stage));
  }
  return spread;
}

// The stage that the statement at a cursor is, all of it; nothing when there is none.
std::optional<CopyStage> StageAt(const ir::Cursor& at) {
  if (at.path.empty() || !ir::IsStatement(at.node) || ir::ItemsOf(at.parent).empty()) return {};
  if (!ir::IsCopy(at.node)) return {};
  for (CopyStage& stage : ir::CopyStagesIn(at.parent, *at.above, at.above->size() - 1)) {
    const bool here = stage.items.front() == static_cast<size_t>(at.path.back().item);
    if (here && stage.items.size() == 1) return std::move(stage);
  }
  return {};
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  if (at.above == nullptr) return {};
  std::vector<Replacement> found;
  const size_t spread = SpreadStages(at).size();
  for (size_t i = 0; i < spread; ++i) {
    const std::string number = std::to_string(i);
    if (engine::ValueOf(settings, "stage", number) == number)
      found.push_back({{{"stage", number}}});
  }
  if (std::optional<CopyStage> stage = StageAt(at)) {
    found.push_back({{}, stage->stores == 1 ? "drop-store" : ""});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  std::string_view number = engine::ValueOf(settings, "stage");
  if (number.empty()) return ir::MakeNothing();
  ir::Array<ir::Any> items = ir::ItemsOf(at.node);
  const CopyStage stage = SpreadStages(at)[engine::IntegerOf(number)];
  for (size_t item : stage.items) items.Set(item, ir::MakeNothing());
  return ir::WithItems(at.node, items);
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "drop-cache-stage",
    "memory",
    1,
    {"tensor", "kernel"},
    "Drops a copy between a workspace and another buffer, in all its statements.",
    "A schedule's cache_read, cache_write or padding stage is lost while its buffer is still used: "
    "readers see whatever that memory held, or results are never written back. Letting readers "
    "read the original instead keeps the meaning and is no fault.",
    "Statement deletion (SDL), Deng, Offutt and Li, ICST 2013, of a stage as TVM's schedule "
    "primitives cache_read and cache_write make it.",
    {"stages that compute: a stage writes what it reads elsewhere, or a literal as padding",
     "copies from one parameter to another: there is no cache",
     "copies within a copy that is dropped as a whole"},
    {{"stage",
      {"0", "1"},
      "each of them",
      "Of a sequence in which stages are spread over several statements, such as unrolled ones, "
      "which of these stages, counted from 0.",
      Form::kInteger,
      0}},
    {},
    Replacements,
    Rewrite,
    "where the stage is one store, by drop-store",
});

}  // namespace
}  // namespace mutatenn::operators
