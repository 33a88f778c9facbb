// Reductions and memory: what is an initialisation, an accumulating step and a copy stage.
#include <gtest/gtest.h>

#include "offered.h"

namespace mutatenn::operators {
namespace {

using namespace testing_ir;         // NOLINT(build/namespaces)
using namespace testing_operators;  // NOLINT(build/namespaces)
using Texts = std::vector<std::string>;

struct Reductions : testing::Test {
  Any a = Buffer("A", 8);
  Any c = Buffer("C", 8);
  Any i = Var("i");
  Any zero = Store(c, Float(0), i);
  Any step = Store(c, Binary("Add", Load(c, i), Load(a, i)), i);
};

TEST_F(Reductions, AStoreInitialisesWhatALaterStatementUpdatesFromItself) {
  Any loop = For(Var("k"), 4, step);
  EXPECT_EQ(Places("drop-init", Seq({zero, loop})), Texts{".seq[0]"});
  EXPECT_EQ(Places("drop-init", Seq({loop, zero})), Texts{});
  EXPECT_EQ(Places("tweak-init", Seq({For(i, 8, zero), loop})), Texts{".seq[0].body.value"});
}

TEST_F(Reductions, APlaceOnItsOwnIsNoInitialisation) {
  EXPECT_EQ(Offered("drop-init", zero), Texts{});
  EXPECT_EQ(Offered("swap-combiner", Binary("Add", Load(c, i), Float(1))), Texts{});
}

TEST_F(Reductions, AnotherPlaceOfTheBufferIsNoUpdate) {
  Any first = Store(c, Float(0), Int(0));
  Any other = Store(c, Binary("Add", Load(c, Int(1)), Float(1)), Int(1));
  EXPECT_EQ(Places("drop-init", Seq({first, other})), Texts{});
}

TEST_F(Reductions, TheStepThatReadsWhatItWritesAccumulates) {
  EXPECT_EQ(Places("swap-combiner", step), Texts{".value"});
  Any nested = Store(c, Binary("Add", Binary("Mul", Load(a, i), Float(2)), Load(c, i)), i);
  EXPECT_EQ(Places("swap-combiner", nested), Texts{".value"});
  EXPECT_EQ(Places("swap-combiner", Store(a, Binary("Add", Load(c, i), Float(1)), i)), Texts{});
}

TEST_F(Reductions, ACopyBetweenBuffersThatTheKernelDoesNotAllocateIsNoStage) {
  Any copy = For(i, 8, Store(c, Load(a, i), i));
  EXPECT_EQ(Places("drop-cache-stage", Seq({copy, step})), Texts{});
}

}  // namespace
}  // namespace mutatenn::operators
