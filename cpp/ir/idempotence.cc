// Reads of a store against the memory that it writes, through the views declared before it.
#include "idempotence.h"

#include <tvm/ffi/extra/structural_equal.h>

#include <vector>

#include "expr.h"
#include "keys.h"
#include "store.h"

namespace mutatenn::ir {
namespace {

// TVM's kind of a call without effects that reads no memory; annotations are below it.
constexpr int64_t kPure = 1;

// What this file names in TVM, looked up once.
struct Names {
  Function op_attribute = RequireFunction("ir.OpGetAttr");
  Any buffer_data = Functions::Get().get_op(String("tirx.buffer_data"));
  Field decl_buffer{"tirx.DeclBuffer", "buffer"};
  Field decl_data{"tirx.DeclBuffer", "data"};
  Field seq_items{"tirx.SeqStmt", "seq"};
  Field call_args{"ir.Call", "args"};
  Field block_views{"s_tir.SBlock", "match_buffers"};
  int32_t decl = TypeIndexOf("tirx.DeclBuffer");
  int32_t seq = TypeIndexOf("tirx.SeqStmt");
  int32_t block = TypeIndexOf("s_tir.SBlock");
  int32_t call = TypeIndexOf("ir.Call");
  int32_t op = TypeIndexOf("ir.Op");
  int32_t var = TypeIndexOf("ir.Var");

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

// The views of memory that are declared before a place.
class Views {
 public:
  explicit Views(const Cursor& at) {
    if (at.above == nullptr) return;
    const Names& names = Names::Get();
    Any node = at.above->empty() ? at.node : at.above->front();
    for (const Step& step : at.path) {
      if (node.type_index() == names.seq) {
        const auto items = names.seq_items.Get(node).cast<Array<Any>>();
        for (int32_t i = 0; i < step.item; ++i) Declare(items[i]);
      } else if (node.type_index() == names.block) {
        opaque_ |= !names.block_views.Get(node).cast<Array<Any>>().empty();
      }
      node = ChildAt(node, step);
    }
  }

  // The buffer whose memory a buffer shows; None where there is no telling.
  Any OwnerOf(Any buffer) const {
    if (opaque_) return Any();
    const Names& names = Names::Get();
    // The last declaration counts, and shows what was declared before it.
    for (auto view = views_.rbegin(); view != views_.rend(); ++view) {
      if (!view->buffer.same_as(buffer)) continue;
      const Any& data = view->data;
      if (data.type_index() != names.call ||
          !Fields::Get().call_op.Get(data).same_as(names.buffer_data)) {
        return Any();
      }
      buffer = names.call_args.Get(data).cast<Array<Any>>()[0];
    }
    return buffer;
  }

 private:
  struct View {
    Any buffer, data;
  };

  void Declare(const Any& statement) {
    const Names& names = Names::Get();
    if (statement.type_index() == names.decl) {
      views_.push_back({names.decl_buffer.Get(statement), names.decl_data.Get(statement)});
    } else if (statement.type_index() == names.seq) {
      for (const Any& item : names.seq_items.Get(statement).cast<Array<Any>>()) Declare(item);
    }
  }

  std::vector<View> views_;
  bool opaque_ = false;
};

bool IsPure(const Any& call) {
  const Names& names = Names::Get();
  const Any op = Fields::Get().call_op.Get(call);
  if (op.type_index() != names.op) return false;
  const Any kind = names.op_attribute(op, String("TCallEffectKind"));
  return !IsNone(kind) && kind.cast<int64_t>() <= kPure;
}

// Whether evaluating an expression reads nothing of the memory of `written`.
bool Spares(const Any& expr, const Any& written, const Views& views) {
  const Names& names = Names::Get();
  bool spares = true;
  Walk(expr, [&](const Cursor& at) {
    if (IsLoad(at.node)) {
      const Any owner = views.OwnerOf(BufferOf(at.node));
      spares &= !IsNone(owner) && !owner.same_as(written);
    } else if (at.node.type_index() == names.call) {
      spares &= IsPure(at.node);
    } else if (at.node.type_index() == names.var) {
      // Pointers may lead anywhere.
      spares &= DomainOf(at.node) != Domain::kOther;
    }
  });
  return spares;
}

// Whether an expression loads what a store is about to overwrite.
bool IsOldValue(const Any& expr, const Any& store) {
  return IsLoad(expr) && BufferOf(expr).same_as(BufferOf(store)) &&
         tvm::ffi::StructuralEqual::Equal(IndicesOf(expr), IndicesOf(store));
}

}  // namespace

void RequireIdempotence() { Names::Get(); }

bool IsSelfAssignment(const Any& store) { return IsOldValue(ValueOf(store), store); }

bool IsIdempotent(const Cursor& at) {
  const Views views(at);
  const Any written = views.OwnerOf(BufferOf(at.node));
  if (IsNone(written)) return false;
  for (const Any& index : IndicesOf(at.node)) {
    if (!Spares(index, written, views)) return false;
  }
  const Any value = ValueOf(at.node);
  if (Spares(value, written, views)) return true;
  const std::string_view key = Schema::Get().TypeOf(value).key;
  if (key != keys::kMin && key != keys::kMax) return false;
  const Any left = LeftOf(value), right = RightOf(value);
  return (IsOldValue(left, at.node) && Spares(right, written, views)) ||
         (IsOldValue(right, at.node) && Spares(left, written, views));
}

}  // namespace mutatenn::ir
