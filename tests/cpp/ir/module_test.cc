// Listing, exchanging, hashing and verifying the kernels of a module.
#include "../../../cpp/ir/module.h"

#include <gtest/gtest.h>

#include "builder.h"

namespace mutatenn::ir {
namespace {

using namespace testing_ir;  // NOLINT(build/namespaces)

// A kernel that stores one number; equal to any other that stores the same.
Any Constant(const std::string& name, double value) {
  Any a = Buffer("A", 4);
  return Func(name, {a}, Store(a, Float(value), Int(0)));
}

TEST(KernelsOf, SortsFunctionsByName) {
  std::vector<std::string> names;
  for (const Kernel& kernel :
       KernelsOf(Module({{"b", Constant("b", 1)}, {"a", Constant("a", 2)}}))) {
    names.push_back(kernel.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"a", "b"}));
}

TEST(LaunchOrder, ListsFunctionsThatNothingLaunchesByName) {
  EXPECT_EQ(LaunchOrder(Module({{"b", Constant("b", 1)}, {"a", Constant("a", 2)}})),
            (std::vector<std::string>{"a", "b"}));
}

TEST(WithFunction, ExchangesOneFunctionOfACopy) {
  Any mod = Module({{"a", Constant("a", 1)}, {"b", Constant("b", 2)}});
  Kernel first = KernelsOf(mod).front();
  Any other = Constant("a", 3);
  Any changed = WithFunction(mod, first.global_var, other);
  EXPECT_TRUE(FunctionOf(changed, "a").same_as(other));
  EXPECT_TRUE(FunctionOf(changed, "b").same_as(FunctionOf(mod, "b")));
  EXPECT_TRUE(FunctionOf(mod, "a").same_as(first.func));
}

TEST(ContentHash, DoesNotDependOnTheFunctionsName) {
  EXPECT_EQ(ContentHash(Constant("a", 1)), ContentHash(Constant("b", 1)));
}

TEST(ContentHash, DoesNotDependOnWhetherTheFunctionIsAloneInItsModule) {
  Any func = Constant("a", 1);
  Any entry = RequireFunction("ir.BaseFuncWithAttr")(func, String("tirx.is_entry_func"), true);
  EXPECT_EQ(ContentHash(entry), ContentHash(func));
  EXPECT_TRUE(SameContent(entry, func));
}

TEST(ContentHash, DependsOnWhatTheFunctionComputes) {
  EXPECT_NE(ContentHash(Constant("a", 1)), ContentHash(Constant("a", 2)));
}

TEST(SameContent, AgreesWithTheHash) {
  EXPECT_TRUE(SameContent(Constant("a", 1), Constant("b", 1)));
  EXPECT_FALSE(SameContent(Constant("a", 1), Constant("a", 2)));
}

TEST(ContentHash, LeavesTheFunctionItsName) {
  Any func = Constant("a", 1);
  ContentHash(func);
  auto attrs = RequireFunction("ir.DictAttrsGetDict")(RequireFunction("ir.BaseFunc_Attrs")(func))
                   .cast<Map<String, Any>>();
  EXPECT_EQ(attrs.at("global_symbol").cast<String>(), "a");
}

TEST(Verifier, AcceptsASoundKernel) { EXPECT_EQ(VerifierComplaint(Constant("a", 1)), ""); }

TEST(Verifier, NamesAVariableThatIsDefinedNowhere) {
  Any a = Buffer("A", 4);
  Any func = Func("f", {a}, Store(a, Float(1), Var("stray")));
  EXPECT_TRUE(Contains(VerifierComplaint(func), "stray"));
}

}  // namespace
}  // namespace mutatenn::ir
