// `change-scope`: a buffer in another kind of memory.
#include "../engine/operator.h"
#include "../ir/buffer.h"
#include "../ir/keys.h"
#include "../ir/launch.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// TVM's code for CPUs keeps global buffers smaller than this on the stack, local ones never.
constexpr int64_t kStackBytes = 1024;

// The other scope that the target has for a buffer, where it makes a difference; "" if none.
std::string OtherScope(const ir::Any& buffer, bool on_threads) {
  const std::string scope = ir::ScopeOf(buffer);
  if (on_threads) return scope == "local" ? "shared" : scope == "shared" ? "local" : "";
  const std::optional<std::vector<int64_t>> shape = ir::ShapeOf(buffer);
  if (!shape) return "";
  int64_t bytes = ir::ElementBytes(buffer);
  for (int64_t extent : *shape) bytes *= extent;
  if (bytes >= kStackBytes) return "";
  return scope == "global" ? "local" : scope == "local" ? "global" : "";
}

// Whether a statement of a sequence declares a view of a buffer.
bool IsViewed(const ir::Any& seq, const ir::Any& buffer) {
  bool found = false;
  ir::Walk(seq,
           [&](const ir::Cursor& at) { found = found || ir::ViewedAt(at.node).same_as(buffer); });
  return found;
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const ir::Array<ir::Any> buffers = ir::AllocationsOf(at.node);
  if (buffers.empty() || at.above == nullptr) return {};
  const bool on_threads = ir::IsLaunched(at);
  // What the host of a device allocates has one scope.
  if (!on_threads && ir::Launches(at.above->empty() ? at.node : at.above->front())) return {};
  std::vector<Replacement> found;
  for (size_t i = 0; i < buffers.size(); ++i) {
    const std::string number = std::to_string(i);
    if (engine::ValueOf(settings, "buffer", number) != number) continue;
    const std::string to = OtherScope(buffers[i], on_threads);
    if (to.empty() || engine::ValueOf(settings, "to", to) != to) continue;
    if (IsViewed(at.node, buffers[i])) continue;
    found.push_back({{{"buffer", number}, {"to", to}}, "", !on_threads});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const int64_t number = engine::IntegerOf(engine::ValueOf(settings, "buffer"));
  const ir::Any buffer = ir::AllocationsOf(at.node)[number];
  const std::string to(engine::ValueOf(settings, "to"));
  return ir::WithBuffer(at.node, buffer, ir::WithScope(buffer, to));
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "change-scope",
    "memory",
    1,
    {"kernel"},
    "Keeps a buffer in another kind of memory.",
    "The scope of a buffer is inferred wrongly: what threads share becomes private to each, so "
    "that they do not see each other's writes; or what is private to each becomes shared, so that "
    "they race.",
    "Share removal of MutGPU, Zhu and Zaidman, ICST 2020, and its reverse.",
    {"stage tensor: kernels have no scopes before they are scheduled, all of them lie in global "
     "memory",
     "the host of a device, and global memory on a device: threads cannot allocate it",
     "buffers of 1 KiB and more on CPUs: TVM keeps them in a workspace under either scope",
     "scopes that targets treat specially, such as shared.dyn and wmma.*, and buffers that other "
     "declarations name anew"},
    {{"to",
      {"local", "shared", "global"},
      "local<->shared where threads are launched, else global<->local",
      "Where it is kept instead."},
     {"buffer",
      {"0", "1"},
      "each of them",
      "Which of the allocations of the sequence, counted from 0.",
      Form::kInteger,
      0}},
    {keys::kSeq},
    Replacements,
    Rewrite,
    "",
    "on CPUs: the scope decides there between the stack and a workspace only",
});

}  // namespace
}  // namespace mutatenn::operators
