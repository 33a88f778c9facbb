// Recognises copies by their stores, and stages by what they copy into.
#include "copy_stage.h"

#include <tvm/ffi/container/array.h>

#include <algorithm>
#include <optional>

#include "access.h"
#include "accumulator.h"
#include "branches.h"
#include "buffer.h"
#include "literal.h"
#include "sequence.h"

namespace mutatenn::ir {
namespace {

// What a statement copies.
struct Copies {
  Any target;
  std::vector<Any> sources;
  int stores = 0;
};

// The buffer that a value is read from, as it is or padded; None for another value.
Any SourceOf(const Any& value) {
  if (std::optional<Access> load = LoadAt(value)) return load->buffer;
  std::optional<Branches> choice = BranchesOf(value);
  if (!choice || IsNone(choice->no) || !NumberIn(choice->no)) return Any();
  return SourceOf(choice->yes);
}

bool AddStore(const Access& store, Copies* copies) {
  const Any source = SourceOf(store.value);
  if (IsNone(source) || source.same_as(store.buffer)) return false;
  if (copies->stores > 0 && !copies->target.same_as(store.buffer)) return false;
  copies->target = store.buffer;
  copies->sources.push_back(source);
  ++copies->stores;
  return true;
}

// Whether all that a statement does is copying into one buffer.
bool AddCopies(const Any& statement, Copies* copies) {
  if (std::optional<Access> store = StoreAt(statement)) return AddStore(*store, copies);
  if (HasInit(statement)) return false;
  const std::vector<Any> children = StatementsIn(statement);
  for (const Any& child : children) {
    if (!IsBinding(child) && !AddCopies(child, copies)) return false;
  }
  return !children.empty();
}

std::optional<Copies> CopiesOf(const Any& statement) {
  Copies copies;
  if (!AddCopies(statement, &copies) || copies.stores == 0) return std::nullopt;
  return copies;
}

// The buffers that are allocated on the way to a sequence, or in it.
std::vector<Any> WorkspacesAt(const Any& seq, const std::vector<Any>& above, size_t depth) {
  std::vector<Any> found;
  auto add = [&](const Any& node) {
    for (const Any& buffer : AllocationsOf(node)) found.push_back(buffer);
  };
  std::for_each(above.begin(), above.begin() + depth, add);
  add(seq);
  return found;
}

bool Holds(const std::vector<Any>& buffers, const Any& buffer) {
  for (const Any& one : buffers) {
    if (one.same_as(buffer)) return true;
  }
  return false;
}

bool IsStage(const Copies& copies, const std::vector<Any>& workspaces) {
  if (Holds(workspaces, copies.target)) return true;
  for (const Any& source : copies.sources) {
    if (!Holds(workspaces, source)) return false;
  }
  return true;
}

}  // namespace

bool IsCopy(const Any& statement) { return CopiesOf(statement).has_value(); }

std::vector<CopyStage> CopyStagesIn(const Any& seq, const std::vector<Any>& above, size_t depth) {
  const Array<Any> statements = ItemsOf(seq);
  if (statements.empty() || IsCopy(seq)) return {};
  std::vector<CopyStage> stages;
  const std::vector<Any> workspaces = WorkspacesAt(seq, above, depth);
  for (size_t i = 0; i < statements.size(); ++i) {
    std::optional<Copies> copies = CopiesOf(statements[i]);
    if (!copies || !IsStage(*copies, workspaces)) continue;
    auto of_target = [&](const CopyStage& stage) { return stage.target.same_as(copies->target); };
    auto stage = std::find_if(stages.begin(), stages.end(), of_target);
    if (stage == stages.end()) stage = stages.insert(stage, CopyStage{copies->target, {}, 0});
    stage->items.push_back(i);
    stage->stores += copies->stores;
  }
  return stages;
}

}  // namespace mutatenn::ir
