// The catalogue, and the settings that an operator takes.
#include <gtest/gtest.h>

#include "../../../cpp/ir/schema.h"
#include "kernels.h"

namespace mutatenn::engine {
namespace {

using testing_ir::Contains;
using testing_ir::ErrorOf;

TEST(Catalogue, AnUnknownOperatorIsRefusedWithThoseThereAre) {
  const std::string error = ErrorOf([] { Catalogue::Get().At("swap-all"); });
  EXPECT_TRUE(Contains(error, "no operator 'swap-all'"));
  for (const auto& [id, op] : Catalogue::Get().All()) EXPECT_TRUE(Contains(error, id));
}

TEST(Catalogue, TheSameIdTwiceIsRefused) {
  EXPECT_TRUE(
      Contains(ErrorOf([] { Catalogue::Get().Add(testing_engine::Planted("swap-cmp", nullptr)); }),
               "two operators are registered as 'swap-cmp'"));
}

TEST(Catalogue, EveryOperatorIsCompleteAndNamesNodesThatExist) {
  for (const auto& [id, op] : Catalogue::Get().All()) {
    EXPECT_EQ(id, op.id);
    EXPECT_FALSE(op.category.empty()) << id;
    EXPECT_FALSE(op.summary.empty()) << id;
    EXPECT_FALSE(op.fault_model.empty()) << id;
    EXPECT_FALSE(op.source.empty()) << id;
    EXPECT_FALSE(op.stages.empty()) << id;
    EXPECT_GE(op.version, 1) << id;
    for (std::string_view key : op.nodes) EXPECT_EQ(ir::Schema::Get().TypeOf(key).key, key);
  }
}

TEST(Settings, AnUnknownParameterIsRefusedWithThoseThereAre) {
  const std::string error =
      ErrorOf([] { Catalogue::Get().At("swap-cmp").Checked({{"into", "le"}}); });
  EXPECT_TRUE(Contains(error, "no parameter 'into'"));
  EXPECT_TRUE(Contains(error, "from, to"));
}

TEST(Settings, AnUnknownChoiceIsRefusedWithThoseThereAre) {
  const std::string error =
      ErrorOf([] { Catalogue::Get().At("swap-cmp").Checked({{"to", "less"}}); });
  EXPECT_TRUE(Contains(error, "'to' cannot be 'less'"));
  EXPECT_TRUE(Contains(error, "lt, le, gt, ge, eq, ne"));
}

TEST(Settings, AreWrittenInOrderOfName) {
  EXPECT_EQ(ToString(Settings{{"to", "le"}, {"from", "lt"}}), "from=lt,to=le");
  EXPECT_EQ(ToString(Settings{}), "");
}

}  // namespace
}  // namespace mutatenn::engine
