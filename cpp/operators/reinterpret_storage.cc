// `reinterpret-storage`: narrow elements at a narrow stride in a wide buffer.
#include "../ir/expr.h"
#include "../ir/format.h"
#include "../ir/keys.h"
#include "../ir/literal.h"
#include "../ir/rounding.h"
#include "../ir/store.h"
#include "narrow_types.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;

constexpr const char* kDefaults[] = {"float16", "int8"};
const std::vector<std::string> kTypes = {"float16", "int32", "int16", "int8"};

bool Differs(DLDataType narrow, DLDataType type) {
  if (narrow.bits != type.bits) return narrow.bits < type.bits;
  // Of as many bits, an integer type holds an integer as it was.
  return narrow.code == kDLInt && ir::FormatOf(type);
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const ir::Any value = ir::ValueOf(at.node);
  const ir::Domain domain = ir::DomainOf(value);
  const bool number = domain == ir::Domain::kInteger ||
                      (domain == ir::Domain::kFloat && ir::FormatOf(*ir::DTypeOf(value)));
  if (!number) return {};
  const DLDataType type = *ir::DTypeOf(value);
  return TypesThat(settings, kTypes, kDefaults,
                   [&](std::string_view name) { return Differs(ir::TypeNamed(name), type); });
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const DLDataType narrow = ir::TypeNamed(engine::ValueOf(settings, "type"));
  return ir::MakeNarrowStore(at.node, narrow, ir::Narrowed(ir::ValueOf(at.node), narrow));
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "reinterpret-storage",
    "types",
    1,
    {"kernel"},
    "Stores narrow elements at a narrow stride into a buffer that readers take for wide.",
    "Writer and readers of a buffer disagree on its element type: the memory holds other numbers "
    "at other places.",
    "The arithmetic type mutants of MutateNN, arXiv 2306.01697, as its released code makes them "
    "under TVM up to 0.8.",
    {"stage tensor: a block has no view of a buffer with another element type",
     "types with more bits than the buffer's elements: the store would leave the buffer",
     "bfloat16 and float8: TVM keeps such buffers as integers of its own making",
     "buffers of booleans, handles and float8 values"},
    {{"type", kTypes, "float16 and int8; where neither is narrower, the first type that differs",
      "What is written. Floating-point numbers round towards zero and saturate in integer types; "
      "int32 in a float32 buffer keeps the stride."}},
    {ir::keys::kStore},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
