// TVM's type keys of what operators rewrite; checked when the library loads.
#ifndef MUTATENN_IR_KEYS_H_
#define MUTATENN_IR_KEYS_H_

namespace mutatenn::ir::keys {

constexpr const char* kLT = "prim.LT";
constexpr const char* kLE = "prim.LE";
constexpr const char* kGT = "prim.GT";
constexpr const char* kGE = "prim.GE";
constexpr const char* kEQ = "prim.EQ";
constexpr const char* kNE = "prim.NE";
constexpr const char* kAdd = "prim.Add";
constexpr const char* kSub = "prim.Sub";
constexpr const char* kMul = "prim.Mul";
constexpr const char* kDiv = "prim.Div";
constexpr const char* kFloorDiv = "prim.FloorDiv";
constexpr const char* kFloorMod = "prim.FloorMod";
constexpr const char* kMod = "prim.Mod";
constexpr const char* kLShift = "prim.LShift";
constexpr const char* kRShift = "prim.RShift";
constexpr const char* kMin = "prim.Min";
constexpr const char* kMax = "prim.Max";
constexpr const char* kAnd = "prim.And";
constexpr const char* kOr = "prim.Or";
constexpr const char* kSelect = "prim.Select";
constexpr const char* kCall = "ir.Call";
constexpr const char* kVar = "ir.Var";
constexpr const char* kLoad = "ir.TensorLoad";
constexpr const char* kIntImm = "ir.IntImm";
constexpr const char* kFloatImm = "ir.FloatImm";
constexpr const char* kEvaluate = "tirx.Evaluate";
constexpr const char* kIf = "tirx.IfThenElse";
constexpr const char* kStore = "tirx.BufferStore";
constexpr const char* kAttr = "tirx.AttrStmt";
constexpr const char* kBind = "tirx.Bind";
constexpr const char* kFor = "tirx.For";
constexpr const char* kConstant = "ir.GenericConst";
constexpr const char* kSeq = "tirx.SeqStmt";
constexpr const char* kBlock = "s_tir.SBlock";

}  // namespace mutatenn::ir::keys
#endif  // MUTATENN_IR_KEYS_H_
