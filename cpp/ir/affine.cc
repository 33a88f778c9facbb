// Arithmetic on affine forms; what overflows is not understood.
#include "affine.h"

#include <tvm/ffi/extra/structural_equal.h>

#include <algorithm>

#include "expr.h"
#include "index.h"
#include "keys.h"
#include "literal.h"
#include "variable.h"

namespace mutatenn::ir {
namespace {

using tvm::ffi::StructuralEqual;
using Definitions = std::function<Definition(const Any&)>;
using Form = std::optional<Affine>;

// What this file names in TVM, looked up once.
struct Names {
  int32_t cast = TypeIndexOf("prim.Cast");
  int32_t broadcast = TypeIndexOf("prim.Broadcast");

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

// Far from the ends of int64, so that sums of two stay inside.
constexpr int64_t kLarge = int64_t{1} << 60;

bool IsSmall(int64_t number) { return -kLarge < number && number < kLarge; }

std::optional<int64_t> Product(int64_t a, int64_t b) {
  int64_t result = 0;
  if (__builtin_mul_overflow(a, b, &result) || !IsSmall(result)) return std::nullopt;
  return result;
}

Form Sum(const Affine& a, const Affine& b) {
  Form sum = Widened(a, b.least, b.most);
  if (!sum) return std::nullopt;
  for (const auto& [symbol, factor] : b.terms) {
    const Any& wanted = symbol;
    auto same = [&](const auto& term) { return StructuralEqual::Equal(term.first, wanted); };
    auto found = std::find_if(sum->terms.begin(), sum->terms.end(), same);
    if (found == sum->terms.end()) {
      sum->terms.emplace_back(symbol, factor);
    } else if ((found->second += factor) == 0) {
      sum->terms.erase(found);
    }
  }
  return sum;
}

Form Times(const Affine& a, int64_t factor) {
  Affine result;
  if (factor == 0) return result;
  for (const auto& [symbol, old] : a.terms) {
    const std::optional<int64_t> product = Product(old, factor);
    if (!product) return std::nullopt;
    result.terms.emplace_back(symbol, *product);
  }
  const std::optional<int64_t> x = Product(a.least, factor), y = Product(a.most, factor);
  if (!x || !y) return std::nullopt;
  result.least = std::min(*x, *y);
  result.most = std::max(*x, *y);
  return result;
}

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a % b < 0) != (b < 0)); }

// A number that depends on no symbol, divided; the remainder is bounded in any case.
Form Divided(const Form& a, int64_t divisor, bool remainder) {
  if (divisor <= 0) return std::nullopt;
  const bool number = a && a->terms.empty();
  if (!remainder) {
    if (!number) return std::nullopt;
    return Affine{{}, FloorDiv(a->least, divisor), FloorDiv(a->most, divisor)};
  }
  if (number && 0 <= a->least && a->most < divisor) return a;
  return Affine{{}, 0, divisor - 1};
}

// Whether nothing in an expression changes inside: neither memory nor variables.
bool IsFixed(const Any& expr, const Definitions& definition) {
  bool fixed = true;
  Walk(expr, [&](const Cursor& at) {
    if (IsAccess(at.node) || IsLet(at.node)) fixed = false;
    if (IsVariable(at.node)) {
      const Definition found = definition(at.node);
      if (found.known) fixed = false;
    }
    if (Schema::Get().TypeOf(at.node).key == keys::kCall) fixed = false;
  });
  return fixed;
}

Form Understood(const Any& expr, const Definitions& definition) {
  const Names& names = Names::Get();
  // Unsigned numbers wrap around.
  const std::optional<DLDataType> type = DTypeOf(expr);
  if (!type || type->code != kDLInt) return std::nullopt;
  if (std::optional<int64_t> number = IntegerIn(expr)) {
    return IsSmall(*number) ? Form(Affine{{}, *number, *number}) : std::nullopt;
  }
  if (IsVariable(expr)) {
    const Definition found = definition(expr);
    return found.known ? found.form : Form(Affine{{{expr, 1}}, 0, 0});
  }
  const std::string_view key = Schema::Get().TypeOf(expr).key;
  if (expr.type_index() == names.broadcast) return AffineOf(LeftOf(expr), definition);
  if (expr.type_index() == names.cast) {
    // Signed and not narrower: the value stays.
    const Any value = LeftOf(expr);
    const std::optional<DLDataType> from = DTypeOf(value);
    const bool keeps = from && from->code == kDLInt && from->bits <= type->bits;
    return keeps ? AffineOf(value, definition) : std::nullopt;
  }
  if (IsRamp(expr)) {
    const Form base = AffineOf(BaseOf(expr), definition);
    const std::optional<int64_t> stride = IntegerIn(StrideOf(expr));
    if (!base || !stride) return std::nullopt;
    const std::optional<int64_t> last = Product(*stride, type->lanes - 1);
    if (!last) return std::nullopt;
    return Widened(*base, std::min<int64_t>(0, *last), std::max<int64_t>(0, *last));
  }
  const bool sum = key == keys::kAdd || key == keys::kSub;
  const bool quotient = key == keys::kFloorDiv || key == keys::kFloorMod;
  if (!sum && !quotient && key != keys::kMul) return std::nullopt;
  const Form a = AffineOf(LeftOf(expr), definition);
  const std::optional<int64_t> literal = IntegerIn(RightOf(expr));
  if (quotient) return literal ? Divided(a, *literal, key == keys::kFloorMod) : std::nullopt;
  if (!a) return std::nullopt;
  if (key == keys::kMul && literal) return Times(*a, *literal);
  const Form b = AffineOf(RightOf(expr), definition);
  if (!b) return std::nullopt;
  if (key == keys::kMul) {
    const bool number = a->terms.empty() && a->least == a->most;
    return number ? Times(*b, a->least) : std::nullopt;
  }
  const Form other = key == keys::kSub ? Times(*b, -1) : b;
  return other ? Sum(*a, *other) : std::nullopt;
}

}  // namespace

void RequireAffine() { Names::Get(); }

int64_t Affine::FactorOf(const Any& symbol) const {
  for (const auto& [known, factor] : terms) {
    if (known.same_as(symbol)) return factor;
  }
  return 0;
}

std::optional<Affine> AffineOf(const Any& expr, const Definitions& definition) {
  const Form form = Understood(expr, definition);
  // What is not affine but does not change is a symbol as it stands.
  if (!form && DomainOf(expr) == Domain::kInteger && DTypeOf(expr)->lanes == 1 &&
      IsFixed(expr, definition)) {
    return Affine{{{expr, 1}}, 0, 0};
  }
  return form;
}

bool SameTerms(const Affine& lhs, const Affine& rhs) {
  if (lhs.terms.size() != rhs.terms.size()) return false;
  for (const auto& [symbol, factor] : lhs.terms) {
    const Any& wanted = symbol;
    const int64_t times = factor;
    auto same = [&](const auto& term) {
      return term.second == times && StructuralEqual::Equal(term.first, wanted);
    };
    if (std::none_of(rhs.terms.begin(), rhs.terms.end(), same)) return false;
  }
  return true;
}

std::optional<Affine> Widened(const Affine& form, int64_t least, int64_t most) {
  Affine result = form;
  result.least += least;
  result.most += most;
  if (!IsSmall(result.least) || !IsSmall(result.most)) return std::nullopt;
  return result;
}

}  // namespace mutatenn::ir
