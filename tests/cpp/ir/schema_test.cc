// The table of TIR nodes, and what happens to a node that is not in it.
#include "../../../cpp/ir/schema.h"

#include <gtest/gtest.h>

#include "builder.h"

namespace mutatenn::ir {
namespace {

using testing_ir::Contains;
using testing_ir::ErrorOf;
using namespace std::string_view_literals;  // NOLINT(build/namespaces)

TEST(Schema, ANodeOfAnUnknownClassIsNamed) {
  Any range = testing_ir::Range(testing_ir::Int(0), 4);
  EXPECT_TRUE(Contains(ErrorOf([&] { Schema::Get().TypeOf(range); }),
                       "does not know the IR node 'ir.Range'"));
}

TEST(Schema, AKeyThatIsNotInTheTableIsNamed) {
  EXPECT_TRUE(Contains(ErrorOf([] { Schema::Get().TypeOf("prim.LessThan"sv); }),
                       "'prim.LessThan' is not in mutatenn's table"));
}

TEST(Schema, AStoreReadsItsIndicesBeforeItsValue) {
  const auto& executed = Schema::Get().TypeOf("tirx.BufferStore"sv).executed;
  ASSERT_EQ(executed.size(), 2u);
  EXPECT_EQ(executed[0].name(), "indices");
  EXPECT_EQ(executed[1].name(), "value");
}

TEST(Schema, ABlockExecutesNeitherItsReadsNorItsWrites) {
  for (const Field& field : Schema::Get().TypeOf("s_tir.SBlock"sv).executed) {
    EXPECT_NE(field.name(), "reads");
    EXPECT_NE(field.name(), "writes");
  }
}

TEST(Schema, OnlyPrimFuncsArePrimFuncs) {
  Any buffer = testing_ir::Buffer("A", 4);
  Any store = testing_ir::Store(buffer, testing_ir::Float(1), testing_ir::Int(0));
  EXPECT_TRUE(IsPrimFunc(testing_ir::Func("f", {buffer}, store)));
  EXPECT_FALSE(IsPrimFunc(store));
}

}  // namespace
}  // namespace mutatenn::ir
