// The operator `repeat-operand`: an operation reads one of its operands twice.
#include <mutatenn/operator.h>

namespace {

using mutatenn::plugin::Any;
using mutatenn::plugin::Call;
using mutatenn::plugin::Context;
using mutatenn::plugin::FieldOf;
using mutatenn::plugin::Operator;
using mutatenn::plugin::Replacement;
using mutatenn::plugin::Settings;

std::vector<Replacement> Replacements(const Any&, const Context&, const Settings& settings) {
  auto asked = settings.find("operand");
  if (asked != settings.end()) return {{{{"operand", asked->second}}}};
  return {{{{"operand", "left"}}}, {{{"operand", "right"}}}};
}

Any Rewrite(const Any& node, const Context&, const Settings& settings) {
  const Any operand = FieldOf(node, settings.at("operand") == "left" ? "a" : "b");
  // A node's constructor is registered under its type key.
  return Call(node.GetTypeKey(), operand, operand, FieldOf(node, "span"));
}

std::vector<Operator> Operators() {
  Operator op;
  op.id = "repeat-operand";
  op.summary = "Reads one operand of an addition, subtraction or multiplication twice.";
  op.fault_model = "A register is taken for another: both operands come from the same one.";
  op.source = "Example of a plug-in for mutatenn.";
  op.stages = {"tensor", "kernel"};
  op.nodes = {"prim.Add", "prim.Sub", "prim.Mul"};
  op.category = "arithmetic";
  op.parameters = {{"operand", "Which one is read twice.", {"left", "right"}, "left and right"}};
  op.replacements = Replacements;
  op.rewrite = Rewrite;
  return {op};
}

}  // namespace

MUTATENN_EXPORT_OPERATORS(Operators)
