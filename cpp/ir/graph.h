// What a Relax function's variables stand for, who reads them and what is known beforehand.
#ifndef MUTATENN_IR_GRAPH_H_
#define MUTATENN_IR_GRAPH_H_

#include <set>
#include <unordered_map>
#include <vector>

#include "relax.h"

namespace mutatenn::ir {

// A Relax function as a data-flow graph; variables are told apart by identity, as TVM does.
class Graph {
 public:
  explicit Graph(const Any& func);

  // What a variable is bound to; None for a parameter.
  Any ValueOf(const Any& var) const;
  // How often a variable is read; what the function returns counts too.
  int UsesOf(const Any& var) const;
  // The bound values that read a variable; None stands for the function's own value.
  std::vector<Any> ReadersOf(const Any& var) const;
  // Whether an expression holds the same on every run: constants, shapes, and what only they feed.
  bool IsKnown(const Any& expr) const;
  // The call that makes an expression; looks through variables and first items of tuples.
  Any ProducerOf(const Any& expr) const;
  // Number of calls on the longest way from what is known or given to an expression.
  int DepthOf(const Any& expr) const;
  // The variables that an expression depends on, itself and parameters included; nothing known.
  std::set<const Object*> SourcesOf(const Any& expr) const;

 private:
  struct Entry {
    Any value;
    std::vector<Any> readers;
    bool known = false;
    int depth = 0;
  };
  void Add(const Any& var, const Any& value);
  void Read(const Any& expr, const Any& reader);
  const Entry* Find(const Any& var) const;
  std::unordered_map<const Object*, Entry> entries_;
};

// The variables that an expression reads, in order, those inside tuples and branches too.
std::vector<Any> VarsIn(const Any& expr);

// The variable that a binding defines.
Any BoundVar(const Any& binding);

// Whether `node` binds a variable to a value.
bool IsVarBinding(const Any& node);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_GRAPH_H_
