// Redundant, semantics-preserving and parametrised replacements; statements as places.
#include <gtest/gtest.h>

#include "../../../cpp/engine/mutant_table.h"
#include "../../../cpp/ir/stmt.h"
#include "kernels.h"

namespace mutatenn::engine {
namespace {

using namespace testing_engine;  // NOLINT(build/namespaces)
using namespace testing_ir;      // NOLINT(build/namespaces)
using Texts = std::vector<std::string>;

// Replaces every addition: `by` is any integer, `kind=odd` is redundant by `other`.
Operator Offering() {
  Operator op = Planted("offering", [](const ir::Cursor& at) { return at.node; });
  op.parameters = {{"by", {"1", "-1"}, "both", "How far.", Form::kInteger},
                   {"kind", {"odd"}, "odd", "Which."}};
  op.replacements = [](const ir::Cursor&, const Settings& settings) {
    std::vector<Replacement> found;
    for (const std::string& by : ValuesOf(settings, "by", {"1", "-1"})) {
      found.push_back({{{"by", by}}, "", by == "-1"});
    }
    found.push_back({{{"kind", "odd"}}, "other"});
    return found;
  };
  return op;
}

Texts Listed(const std::vector<const Operator*>& ops, const Settings& settings, bool redundant) {
  Sites found = FindSites(Module({{"a", Guarded("a", 5)}}), ops, settings);
  Texts texts;
  for (const Choice& choice : AllChoices(found, ops, settings, redundant)) {
    texts.push_back(ToString(choice.replacement.settings));
  }
  return texts;
}

TEST(Replacements, ARedundantOneIsLeftOutWhereTheOperatorThatMakesItSoIsThere) {
  const Operator op = Offering();
  Operator other = Planted("other", nullptr);
  other.nodes = {"prim.Sub"};
  EXPECT_EQ(Listed({&op, &other}, {}, false), (Texts{"by=1", "by=-1"}));
  EXPECT_EQ(Listed({&op, &other}, {}, true), (Texts{"by=1", "by=-1", "kind=odd"}));
  EXPECT_EQ(Listed({&op}, {}, false), (Texts{"by=1", "by=-1", "kind=odd"}));
}

TEST(Replacements, ARedundantOneIsListedWhereTheSettingsNameItOutright) {
  const Operator op = Offering();
  Operator other = Planted("other", nullptr);
  other.nodes = {"prim.Sub"};
  EXPECT_EQ(Listed({&op, &other}, {{"kind", "odd"}}, false), (Texts{"by=1", "by=-1", "kind=odd"}));
}

TEST(Replacements, AnyIntegerCanBeAskedFor) {
  const Operator op = Offering();
  EXPECT_EQ(Listed({&op}, op.Checked({{"by", "+7"}}), false), (Texts{"by=7", "kind=odd"}));
}

TEST(Replacements, TheTableSaysWhichKeepTheMeaning) {
  const Operator op = Offering();
  const Any mod = Module({{"a", Guarded("a", 5)}});
  Sites found = FindSites(mod, {&op}, {});
  std::vector<Choice> all = AllChoices(found, {&op}, {}, true);
  MutantTable table = Tabulate(mod, {std::move(found), std::move(all)});
  EXPECT_EQ(table.semantics_preserving, (std::vector<bool>{false, true, false}));
}

// An operator that drops every store.
Operator Dropping() {
  Operator op = Planted("dropping", [](const ir::Cursor&) { return ir::MakeNothing(); });
  op.nodes = {"tirx.BufferStore"};
  op.replacements = [](const ir::Cursor&, const Settings&) {
    return std::vector<Replacement>{Replacement{}};
  };
  return op;
}

Texts WithoutFirstStore(const Any& body, const Any& buffer) {
  const Operator op = Dropping();
  const Any func = Func("a", {buffer}, body);
  const Any mod = Module({{"a", func}});
  Request first{{0}, "", false, "", {}};
  return Visited(FunctionOf(Mutate(mod, op, first), "a"));
}

TEST(Statements, OneOfSeveralCanBecomeNothing) {
  const Any a = Buffer("A", 4);
  const Any body = Seq({Store(a, Float(1), Int(0)), Store(a, Float(2), Int(1))});
  Texts left = WithoutFirstStore(body, a);
  EXPECT_EQ(left[1], ".seq[0]: tirx.Evaluate");
  EXPECT_EQ(left[3], ".seq[1]: tirx.BufferStore");
}

TEST(Statements, TheWholeBodyOfALoopCanBecomeNothing) {
  const Any a = Buffer("A", 4), i = Var("i");
  Texts left = WithoutFirstStore(For(i, 4, Store(a, Float(1), i)), a);
  EXPECT_EQ(left[0], ": tirx.For");
  EXPECT_EQ(left[left.size() - 2], ".body: tirx.Evaluate");
}

TEST(Statements, AStoreThatIsDroppedLeavesTheRegionsOfItsBlock) {
  const Any a = Buffer("A", 8), i = Var("i"), v = Var("v");
  const Any block = Block(v, i, 8, {}, {Region(a, v, 1)}, Bool(true), Store(a, Float(1), v));
  const Any mod = Module({{"a", Func("a", {a}, For(i, 8, block))}});
  Any mutant = FunctionOf(Mutate(mod, Dropping(), {{0}, "", false, "", {}}), "a");
  const Any changed = NodeAt(mutant, ".block.body.body.block");
  EXPECT_TRUE(ir::Fields::Get().block_writes.Get(changed).cast<Array<Any>>().empty());
}

}  // namespace
}  // namespace mutatenn::engine
