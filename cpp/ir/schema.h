// Which children of a node of TIR or Relax are *executed*, in the order in which they are read.
//
// Block reads and writes, buffer shapes, types, attributes and signatures are deliberately absent:
// a fault planted there changes no code.
#ifndef MUTATENN_IR_SCHEMA_H_
#define MUTATENN_IR_SCHEMA_H_

#include <string_view>
#include <unordered_map>
#include <vector>

#include "reflect.h"

namespace mutatenn::ir {

// One class of TIR or Relax: its key and its executed children (each a node or an array of nodes).
struct NodeType {
  std::string_view key;
  int32_t index;
  std::vector<Field> executed;
};

// All classes that can occur in a kernel or in a graph.
class Schema {
 public:
  // Throws RuntimeError naming the type key or field that TVM no longer has.
  static const Schema& Get();

  // The class of `node`. Throws TypeError naming a class that this version lacks.
  const NodeType& TypeOf(const Any& node) const;
  // The class of that key. Throws TypeError if it is not in the table.
  const NodeType& TypeOf(std::string_view key) const;

 private:
  Schema();
  std::unordered_map<int32_t, NodeType> types_;
};

// Whether `node` is a tirx PrimFunc.
bool IsPrimFunc(const Any& node);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_SCHEMA_H_
