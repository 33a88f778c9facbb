// `swap-arith`: one arithmetic operation in place of another.
#include <array>

#include "../engine/operator.h"
#include "../ir/expr.h"
#include "../ir/keys.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

struct Arithmetic {
  const char* name;     // as users write it
  const char* node;     // TVM's node
  const char* partner;  // the first choice
  bool on_floats;       // TVM builds it for floating-point operands too
};

constexpr std::array<Arithmetic, 8> kArithmetic = {{
    {"add", keys::kAdd, "sub", true},
    {"sub", keys::kSub, "add", true},
    {"mul", keys::kMul, "div", true},
    {"div", keys::kDiv, "mul", true},
    {"floordiv", keys::kFloorDiv, "floormod", false},
    {"floormod", keys::kFloorMod, "floordiv", false},
    {"min", keys::kMin, "max", true},
    {"max", keys::kMax, "min", true},
}};

template <typename Test>
const Arithmetic& Find(Test test) {
  for (const Arithmetic& arithmetic : kArithmetic) {
    if (test(arithmetic)) return arithmetic;
  }
  TVM_FFI_THROW(InternalError) << "not an arithmetic operation";
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const auto key = ir::Schema::Get().TypeOf(at.node).key;
  const Arithmetic& here = Find([&](const Arithmetic& a) { return a.node == key; });
  const ir::Domain domain = ir::DomainOf(at.node);
  if (domain != ir::Domain::kInteger && domain != ir::Domain::kFloat) return {};
  std::string_view from = engine::ValueOf(settings, "from", here.name);
  std::string_view to = engine::ValueOf(settings, "to");
  if (from != here.name) return {};
  std::vector<Replacement> found;
  auto offer = [&](const Arithmetic& other) {
    if (domain == ir::Domain::kFloat && !other.on_floats) return;
    if (to.empty() || to == other.name) found.push_back({{{"to", other.name}}});
  };
  offer(Find([&](const Arithmetic& a) { return a.name == std::string_view(here.partner); }));
  for (const Arithmetic& other : kArithmetic) {
    if (other.name != std::string_view(here.name) && other.name != std::string_view(here.partner)) {
      offer(other);
    }
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  std::string_view to = engine::ValueOf(settings, "to");
  std::string_view node = Find([&](const Arithmetic& a) { return a.name == to; }).node;
  return ir::MakeBinary(ir::NameOf(node), at.node);
}

const std::vector<std::string> kNames = {"add",      "sub",      "mul", "div",
                                         "floordiv", "floormod", "min", "max"};

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "swap-arith",
    "arithmetic",
    1,
    {"tensor", "kernel"},
    "Replaces one arithmetic operation by another with the same operands.",
    "An instruction is selected wrongly, in the computation or in the address of an access.",
    "Arithmetic operator replacement (AOR), Offutt et al., TOSEM 5(2), 1996.",
    {"floordiv and floormod do not replace operations on floating-point values: TVM defines them "
     "on integers",
     "operations on handles and booleans"},
    {{"from", kNames, "any arithmetic operation", "Only operations of this kind."},
     {"to", kNames, "add<->sub, mul<->div, floordiv<->floormod, min<->max",
      "What stands there instead; `div` on integers truncates towards zero."}},
    {keys::kAdd, keys::kSub, keys::kMul, keys::kDiv, keys::kFloorDiv, keys::kFloorMod, keys::kMin,
     keys::kMax},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
