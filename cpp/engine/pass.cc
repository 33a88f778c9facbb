// Registers `mutatenn.transform.Pass`, which makes any operator an ordinary TVM pass.
//
// A module pass: a PrimFunc pass would mutate the n-th site of every function.
#include <tvm/ffi/container/array.h>
#include <tvm/ffi/container/map.h>
#include <tvm/ffi/reflection/registry.h>
#include <tvm/ffi/rvalue_ref.h>

#include "selection.h"

namespace mutatenn::engine {
namespace {

using ir::Any;
using ir::Array;
using ir::Function;
using ir::Map;
using ir::ObjectRef;
using ir::String;
using tvm::ffi::RValueRef;

Any MakePass(String operator_id, Array<int64_t> numbers, String mutant_id, bool all,
             String function, Map<String, String> settings) {
  const Operator& op = Catalogue::Get().At(std::string(operator_id));
  Request request{{numbers.begin(), numbers.end()}, mutant_id, all, function, {}};
  for (const auto& [name, value] : settings) request.settings.emplace(name, value);
  request.settings = op.Checked(request.settings);
  // TVM moves the module into the pass, so the argument arrives as an rvalue reference.
  auto run = [&op, request](RValueRef<ObjectRef> mod, ObjectRef /*context*/) -> ObjectRef {
    Any owned(*std::move(mod));
    return Mutate(owned, op, request).cast<ObjectRef>();
  };
  const int opt_level = 0;
  const bool traceable = false;
  Any info = ir::Functions::Get().make_pass_info(opt_level, String("mutatenn." + op.id),
                                                 Array<String>(), traceable);
  return ir::Functions::Get().make_module_pass(Function::FromTyped(run), info);
}

}  // namespace

TVM_FFI_STATIC_INIT_BLOCK() {
  tvm::ffi::reflection::GlobalDef().def("mutatenn.transform.Pass", MakePass);
}

}  // namespace mutatenn::engine
