// Numbers whose format is known.
#include "narrow_types.h"

#include "../ir/expr.h"
#include "../ir/format.h"
#include "../ir/literal.h"

namespace mutatenn::operators {

bool IsRoundable(const ir::Any& value) {
  if (ir::NumberIn(value)) return false;
  const ir::Domain domain = ir::DomainOf(value);
  if (domain == ir::Domain::kInteger) return true;
  return domain == ir::Domain::kFloat && ir::FormatOf(*ir::DTypeOf(value));
}

}  // namespace mutatenn::operators
