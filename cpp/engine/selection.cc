/*!
 * \file cpp/engine/selection.cc
 * \brief Resolving requests against the sites of a module, with errors that say what there is.
 */
#include "selection.h"

#include <tvm/ffi/error.h>

#include <map>
#include <set>

namespace mutatenn::engine {
namespace {

/*! \brief The places a request may refer to, and how they are numbered in it. */
class Scope {
 public:
  Scope(const ir::Any& mod, const Operator& op, const Request& request)
      : op_(op), request_(request), found_(FindSites(mod, {&op}, request.settings)) {
    if (!request.function.empty()) RequireFunction();
  }

  const Sites& found() const { return found_; }

  bool Contains(const Site& site) const {
    return request_.function.empty() || found_.kernels[site.kernel].name == request_.function;
  }

  int64_t NumberOf(const Site& site) const {
    return request_.function.empty() ? site.number : site.number_in_kernel;
  }

  std::string InWords() const {
    return request_.function.empty() ? "the module" : "function '" + request_.function + "'";
  }

  int64_t Count() const {
    int64_t count = 0;
    for (const Site& site : found_.sites) count += Contains(site);
    return count;
  }

 private:
  void RequireFunction() const {
    for (const ir::Kernel& kernel : found_.kernels) {
      if (kernel.name == request_.function) return;
    }
    TVM_FFI_THROW(ValueError) << "the module has no TIR function '" << request_.function << "'";
  }

  const Operator& op_;
  const Request& request_;
  Sites found_;
};

std::string Listed(const std::vector<Settings>& choices) {
  std::string text;
  for (const Settings& choice : choices) {
    text += (text.empty() ? "" : ", ") + (choice.empty() ? "no settings" : ToString(choice));
  }
  return text;
}

using Chosen = std::vector<std::pair<const Site*, Settings>>;

Chosen ChooseById(const ir::Any& mod, const Operator& op, const Request& request,
                  const Scope& scope) {
  KernelIdentity identity(mod);
  for (const Site& site : scope.found().sites) {
    if (!scope.Contains(site)) continue;
    const ir::Kernel& at = scope.found().kernels[site.kernel];
    const std::string stage = ir::StageOf(at.func), lowering = ir::LoweringOf(at.func);
    const std::string kernel = identity.Of(at.name);
    for (const Settings& replacement : site.replacements) {
      if (MutantId(op, stage, lowering, kernel, {site.path, replacement}) == request.id) {
        return {{&site, replacement}};
      }
    }
  }
  TVM_FFI_THROW(ValueError) << scope.InWords() << " has no " << op.id << " mutant with id '"
                            << request.id << "'";
}

Chosen ChooseAll(const Operator& op, const Request& request, const Scope& scope) {
  Chosen chosen;
  for (const Site& site : scope.found().sites) {
    if (scope.Contains(site) && !site.replacements.empty()) {
      chosen.emplace_back(&site, site.replacements.front());
    }
  }
  if (chosen.empty()) {
    TVM_FFI_THROW(ValueError) << op.id << " [" << ToString(request.settings)
                              << "] fits none of the " << scope.Count() << " sites in "
                              << scope.InWords();
  }
  return chosen;
}

Chosen ChooseByNumber(const Operator& op, const Request& request, const Scope& scope) {
  if (request.numbers.empty()) {
    TVM_FFI_THROW(ValueError) << op.id << " was given no site: name a number, an id or \"all\"";
  }
  const int64_t count = scope.Count();
  for (int64_t number : request.numbers) {
    if (number < 0 || number >= count) {
      TVM_FFI_THROW(ValueError) << op.id << " has no site " << number << " in " << scope.InWords()
                                << ": there are " << count << " (numbered from 0)";
    }
  }
  std::set<int64_t> wanted(request.numbers.begin(), request.numbers.end());
  Chosen chosen;
  for (const Site& site : scope.found().sites) {
    if (!scope.Contains(site) || wanted.count(scope.NumberOf(site)) == 0) continue;
    if (site.replacements.empty()) {
      TVM_FFI_THROW(ValueError) << op.id << " [" << ToString(request.settings)
                                << "] does not fit site " << scope.NumberOf(site) << " in "
                                << scope.InWords() << ", which takes: " << Listed(site.choices);
    }
    chosen.emplace_back(&site, site.replacements.front());
  }
  return chosen;
}

}  // namespace

std::vector<std::pair<ir::Kernel, std::vector<Change>>> Select(const ir::Any& mod,
                                                               const Operator& op,
                                                               const Request& request) {
  op.Check(request.settings);
  Scope scope(mod, op, request);
  Chosen chosen = !request.id.empty() ? ChooseById(mod, op, request, scope)
                  : request.all       ? ChooseAll(op, request, scope)
                                      : ChooseByNumber(op, request, scope);
  std::map<int32_t, std::vector<Change>> by_kernel;
  for (const auto& [site, replacement] : chosen) {
    by_kernel[site->kernel].push_back({site->path, replacement});
  }
  std::vector<std::pair<ir::Kernel, std::vector<Change>>> selected;
  for (auto& [kernel, changes] : by_kernel) {
    selected.emplace_back(scope.found().kernels[kernel], std::move(changes));
  }
  return selected;
}

ir::Any Mutate(const ir::Any& mod, const Operator& op, const Request& request) {
  ir::Any result = mod;
  for (auto& [kernel, changes] : Select(mod, op, request)) {
    result = ir::WithFunction(result, kernel.global_var, Apply(kernel.func, op, changes));
  }
  return result;
}

}  // namespace mutatenn::engine
