// The extension module `mutatenn._core`: all that is not IR, as plain Python values.
//
// IR crosses as TVM's Python objects, read by their handle; passes cross through TVM's registry.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <tvm/ffi/error.h>

#include "../engine/mutant_table.h"
#include "../ir/access.h"
#include "../ir/accumulator.h"
#include "../ir/affine.h"
#include "../ir/atomic.h"
#include "../ir/barrier.h"
#include "../ir/branches.h"
#include "../ir/buffer.h"
#include "../ir/condition.h"
#include "../ir/dependence.h"
#include "../ir/expr.h"
#include "../ir/idempotence.h"
#include "../ir/index.h"
#include "../ir/intrinsic.h"
#include "../ir/launch.h"
#include "../ir/literal.h"
#include "../ir/loop.h"
#include "../ir/memory.h"
#include "../ir/ramp.h"
#include "../ir/rebind.h"
#include "../ir/rounding.h"
#include "../ir/schema.h"
#include "../ir/sequence.h"
#include "../ir/stmt.h"
#include "../ir/store.h"
#include "../ir/thread_axis.h"
#include "../ir/variable.h"
#include "../ir/weights.h"
#include "verify.h"

namespace py = pybind11;

namespace mutatenn {
namespace {

// A reference to the object behind a Python object of TVM. The caller's Python object is taken, not
// its handle, so that the object lives while the handle is read.
ir::Any FromPython(const py::object& value) {
  if (!py::hasattr(value, "__chandle__")) {
    throw py::type_error("expected an object of TVM, got a " +
                         py::type::of(value).attr("__name__").cast<std::string>());
  }
  auto* object = reinterpret_cast<ir::Object*>(value.attr("__chandle__")().cast<uintptr_t>());
  return ir::Any(tvm::ffi::details::ObjectUnsafe::ObjectPtrFromUnowned<ir::Object>(object));
}

ir::Any ModuleFromPython(const py::object& value) {
  ir::Any mod = FromPython(value);
  if (!ir::IsModule(mod)) {
    TVM_FFI_THROW(TypeError) << "expected an IRModule, got a " << mod.GetTypeKey();
  }
  return mod;
}

ir::Any PrimFuncFromPython(const py::object& value) {
  ir::Any func = FromPython(value);
  if (!ir::IsPrimFunc(func)) {
    TVM_FFI_THROW(TypeError) << "expected a PrimFunc, got a " << func.GetTypeKey();
  }
  return func;
}

using engine::MutantTable;

py::array_t<int32_t> Column(const std::vector<int32_t>& values) {
  return py::array_t<int32_t>(static_cast<py::ssize_t>(values.size()), values.data());
}

MutantTable EnumerateMutants(const py::object& module, const std::vector<std::string>& operators,
                             const engine::Settings& settings, bool redundant) {
  ir::Any mod = ModuleFromPython(module);
  std::vector<const engine::Operator*> chosen;
  engine::Settings checked;
  for (const std::string& id : operators) {
    chosen.push_back(&engine::Catalogue::Get().At(id));
    checked = chosen.back()->Checked(settings);
  }
  engine::Sites found = engine::FindSites(mod, chosen, checked);
  std::vector<engine::Choice> all = engine::AllChoices(found, chosen, checked, redundant);
  return engine::Tabulate(mod, {std::move(found), std::move(all)});
}

MutantTable SelectMutants(const py::object& module, const std::string& op,
                          const std::vector<int64_t>& numbers, const std::string& id, bool all,
                          const engine::Settings& settings) {
  ir::Any mod = ModuleFromPython(module);
  const engine::Operator& chosen = engine::Catalogue::Get().At(op);
  return engine::Tabulate(mod, engine::Select(mod, chosen, {numbers, id, all, "", settings}));
}

int64_t CountSites(const py::object& module, const std::vector<std::string>& operators) {
  std::vector<const engine::Operator*> chosen;
  for (const std::string& id : operators) chosen.push_back(&engine::Catalogue::Get().At(id));
  return static_cast<int64_t>(engine::FindSites(ModuleFromPython(module), chosen, {}).sites.size());
}

// Throws as ImportError what no longer fits the TVM that is loaded.
void CheckTvm() {
  try {
    ir::Schema::Get();
    ir::Fields::Get();
    ir::Functions::Get();
    ir::RequireExpressions();
    ir::RequireStatements();
    ir::RequireBranches();
    ir::RequireAccesses();
    ir::RequireAccumulators();
    ir::RequireBuffers();
    ir::RequireLaunches();
    ir::RequireSequences();
    ir::RequireConditions();
    ir::RequireIntrinsics();
    ir::RequireLiterals();
    ir::RequireRelax();
    ir::RequireRebinding();
    ir::RequireWeights();
    ir::RequireRamps();
    ir::RequireRounding();
    ir::RequireStores();
    ir::RequireIdempotence();
    ir::RequireAffine();
    ir::RequireDependence();
    ir::RequireIndices();
    ir::RequireLoops();
    ir::RequireMemory();
    ir::RequireVariables();
    ir::RequireThreadAxes();
    ir::RequireBarriers();
    ir::RequireAtomics();
    for (const auto& [id, op] : engine::Catalogue::Get().All()) {
      for (std::string_view key : op.nodes) ir::Schema::Get().TypeOf(key);
    }
  } catch (const tvm::ffi::Error& error) {
    throw py::import_error(error.message());
  }
}

void TranslateErrors(std::exception_ptr raised) {
  try {
    if (raised) std::rethrow_exception(raised);
  } catch (const tvm::ffi::Error& error) {
    PyObject* kind = error.kind() == "ValueError"  ? PyExc_ValueError
                     : error.kind() == "TypeError" ? PyExc_TypeError
                                                   : PyExc_RuntimeError;
    PyErr_SetString(kind, error.message().c_str());
  }
}

PYBIND11_MODULE(_core, m) {
  m.doc() = "Native engine of mutatenn: catalogue, site tables and content hashes.";
  m.attr("TVM_FFI_VERSION") = MUTATENN_TVM_FFI_VERSION;
  py::register_exception_translator(TranslateErrors);
  CheckTvm();

  py::class_<engine::Parameter>(m, "Parameter", "A parameter of a mutation operator.")
      .def_readonly("name", &engine::Parameter::name)
      .def_readonly("choices", &engine::Parameter::choices)
      .def_readonly("when_absent", &engine::Parameter::when_absent)
      .def_readonly("summary", &engine::Parameter::summary)
      .def_property_readonly("form", [](const engine::Parameter& p) { return NameOf(p.form); })
      .def_property_readonly("accepted", &engine::Parameter::Accepted)
      .def_readonly("least", &engine::Parameter::least)
      .def_readonly("most", &engine::Parameter::most);
  py::class_<engine::Operator>(m, "Operator", "A mutation operator of the native catalogue.")
      .def_readonly("id", &engine::Operator::id)
      .def_readonly("category", &engine::Operator::category)
      .def_readonly("version", &engine::Operator::version)
      .def_readonly("stages", &engine::Operator::stages)
      .def_readonly("summary", &engine::Operator::summary)
      .def_readonly("fault_model", &engine::Operator::fault_model)
      .def_readonly("source", &engine::Operator::source)
      .def_readonly("suppressions", &engine::Operator::suppressions)
      .def_readonly("redundant", &engine::Operator::redundant)
      .def_readonly("semantics_preserving", &engine::Operator::semantics_preserving)
      .def_readonly("parameters", &engine::Operator::parameters);
  py::class_<MutantTable>(m, "MutantTable",
                          "Mutants of a module, one a row; int32 columns of shape (rows,).")
      .def_readonly("kernels", &MutantTable::kernels, "Names that the kernel column indexes.")
      .def_readonly("lowerings", &MutantTable::lowerings, "Lowering of each of these kernels.")
      .def_property_readonly("kernel", [](const MutantTable& t) { return Column(t.kernel); })
      .def_property_readonly("site", [](const MutantTable& t) { return Column(t.site); })
      .def_property_readonly("site_in_kernel",
                             [](const MutantTable& t) { return Column(t.site_in_kernel); })
      .def_readonly("stage", &MutantTable::stage)
      .def_readonly("operator", &MutantTable::op)
      .def_readonly("path", &MutantTable::path)
      .def_readonly("replacement", &MutantTable::replacement)
      .def_readonly("id", &MutantTable::id)
      .def_readonly("semantics_preserving", &MutantTable::semantics_preserving);

  m.def(
      "catalogue",
      [] {
        std::vector<engine::Operator> all;
        for (const auto& [id, op] : engine::Catalogue::Get().All()) all.push_back(op);
        return all;
      },
      "All operators, sorted by id.");
  m.def(
      "check_settings",
      [](const std::string& op, const engine::Settings& settings) {
        return engine::Catalogue::Get().At(op).Checked(settings);
      },
      py::arg("operator"), py::arg("settings"),
      "Settings in their one spelling; ValueError for an unknown parameter or value.");
  m.def("enumerate_mutants", &EnumerateMutants, py::arg("module"), py::arg("operators"),
        py::arg("settings"), py::arg("redundant") = false,
        "First-order mutants of an IRModule, in one walk; with or without redundant ones.");
  m.def("select_mutants", &SelectMutants, py::arg("module"), py::arg("operator"),
        py::arg("numbers"), py::arg("id"), py::arg("all"), py::arg("settings"),
        "Mutants that an operator's pass plants when it is asked for these sites.");
  m.def("count_sites", &CountSites, py::arg("module"), py::arg("operators"),
        "Number of places where the operators apply, found in one walk.");
  m.def(
      "kernel_hash",
      [](const py::object& function) { return ir::ContentHash(PrimFuncFromPython(function)); },
      py::arg("function"),
      "Structural hash of a PrimFunc without what says where it stands: name, target, entry.");
  m.def(
      "stage_of",
      [](const py::object& function) { return ir::StageOf(PrimFuncFromPython(function)); },
      py::arg("function"), "Stage that a PrimFunc is at: `tensor` or `kernel`.");
  m.def(
      "launch_order",
      [](const py::object& module) { return ir::LaunchOrder(ModuleFromPython(module)); },
      py::arg("module"), "Kernel names of an IRModule, by first launch.");
  BindVerify(m);
}

}  // namespace
}  // namespace mutatenn
