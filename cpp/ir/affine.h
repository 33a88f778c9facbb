// Integer expressions as sums of multiples of symbols and a number out of an interval.
#ifndef MUTATENN_IR_AFFINE_H_
#define MUTATENN_IR_AFFINE_H_

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "reflect.h"

namespace mutatenn::ir {

// The sum of `factor * symbol` over the terms, plus some number in [least, most]. Symbols are
// expressions that do not change while a loop runs, and the loop's variable.
struct Affine {
  std::vector<std::pair<Any, int64_t>> terms;
  int64_t least = 0;
  int64_t most = 0;

  // How often a symbol goes in.
  int64_t FactorOf(const Any& symbol) const;
};

// What is known of a variable that is defined inside a loop. A variable may be `known` to be
// nothing in particular: then `form` is empty.
struct Definition {
  bool known = false;
  std::optional<Affine> form;
};

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireAffine();

// An integer expression in that form; nothing where it is not understood.
//
// `definition` tells of the variables that are defined inside; all others are symbols.
std::optional<Affine> AffineOf(const Any& expr,
                               const std::function<Definition(const Any& variable)>& definition);

// Whether two forms have the same terms, so that they differ by their numbers alone.
bool SameTerms(const Affine& lhs, const Affine& rhs);

// The form with another number added: one in [least, most].
std::optional<Affine> Widened(const Affine& form, int64_t least, int64_t most);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_AFFINE_H_
