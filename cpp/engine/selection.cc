// Resolving requests against the sites of a module, with errors that say what there is.
#include "selection.h"

#include <tvm/ffi/error.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "../ir/relax.h"
#include "graph_mutant.h"

namespace mutatenn::engine {
namespace {

// The places a request may refer to, and how they are numbered in it.
class Scope {
 public:
  Scope(const ir::Any& mod, const Operator& op, const Request& request)
      : op_(op), request_(request), found_(FindSites(mod, {&op}, request.settings)) {
    if (!request.function.empty()) RequireFunction();
  }

  const Sites& found() const { return found_; }

  Sites Release() { return std::move(found_); }

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
    const bool on_graphs = op_.WorksAt("graph") || op_.WorksAt("weight");
    TVM_FFI_THROW(ValueError) << "the module has no " << (on_graphs ? "Relax" : "TIR")
                              << " function '" << request_.function << "'";
  }

  const Operator& op_;
  const Request& request_;
  Sites found_;
};

std::string Listed(const std::vector<Replacement>& choices) {
  std::string text;
  for (const Replacement& choice : choices) {
    const Settings& settings = choice.settings;
    text += (text.empty() ? "" : ", ") + (settings.empty() ? "no settings" : ToString(settings));
  }
  return text;
}

// Whether a request says all that a replacement is.
bool Names(const Settings& request, const Settings& replacement) {
  for (const auto& [name, value] : replacement) {
    if (request.count(name) == 0) return false;
  }
  return !replacement.empty();
}

// The operator with what was asked of it, for messages.
std::string Asked(const Operator& op, const Settings& settings) {
  return settings.empty() ? op.id : op.id + " [" + ToString(settings) + "]";
}

std::vector<Choice> ChooseById(const ir::Any& mod, const Operator& op, const Request& request,
                               const Scope& scope) {
  KernelIdentity identity(mod);
  const std::vector<Site>& sites = scope.found().sites;
  for (size_t i = 0; i < sites.size(); ++i) {
    if (!scope.Contains(sites[i])) continue;
    const ir::Kernel& at = scope.found().kernels[sites[i].kernel];
    const std::string stage = StageAt(op, at.func), lowering = ir::LoweringOf(at.func);
    const std::string kernel = identity.Of(at);
    auto is_named = [&](const Replacement& one) {
      return MutantId(op, stage, lowering, kernel, {sites[i].path, one.settings}) == request.id;
    };
    // A value that is not offered by default has an id too.
    for (const Replacement& fitting : sites[i].replacements) {
      if (is_named(fitting)) return {{i, fitting}};
    }
    for (const Replacement& choice : sites[i].choices) {
      if (!is_named(choice)) continue;
      TVM_FFI_THROW(ValueError) << Asked(op, request.settings) << " does not fit mutant '"
                                << request.id << "', which is [" << ToString(choice.settings)
                                << "]";
    }
  }
  TVM_FFI_THROW(ValueError) << scope.InWords() << " has no " << op.id << " mutant with id '"
                            << request.id << "'";
}

std::vector<Choice> ChooseAll(const Operator& op, const Request& request, const Scope& scope) {
  std::vector<Choice> chosen;
  const std::vector<Site>& sites = scope.found().sites;
  for (size_t i = 0; i < sites.size(); ++i) {
    if (scope.Contains(sites[i]) && !sites[i].replacements.empty()) {
      chosen.push_back({i, sites[i].replacements.front()});
    }
  }
  if (chosen.empty()) {
    TVM_FFI_THROW(ValueError) << Asked(op, request.settings) << " fits none of the "
                              << scope.Count() << " sites in " << scope.InWords();
  }
  return chosen;
}

std::vector<Choice> ChooseByNumber(const Operator& op, const Request& request, const Scope& scope) {
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
  std::vector<Choice> chosen;
  const std::vector<Site>& sites = scope.found().sites;
  for (size_t i = 0; i < sites.size(); ++i) {
    const Site& site = sites[i];
    if (!scope.Contains(site) || wanted.count(scope.NumberOf(site)) == 0) continue;
    if (site.replacements.empty()) {
      TVM_FFI_THROW(ValueError) << Asked(op, request.settings) << " does not fit site "
                                << scope.NumberOf(site) << " in " << scope.InWords()
                                << ", which takes: " << Listed(site.choices);
    }
    chosen.push_back({i, site.replacements.front()});
  }
  return chosen;
}

}  // namespace

std::vector<Choice> AllChoices(const Sites& found, const std::vector<const Operator*>& operators,
                               const Settings& settings, bool redundant) {
  std::set<std::string_view> held;
  for (const Operator* op : operators) held.insert(op->id);
  std::vector<Choice> all;
  for (size_t i = 0; i < found.sites.size(); ++i) {
    for (const Replacement& one : found.sites[i].replacements) {
      if (redundant || held.count(one.redundant_by) == 0 || Names(settings, one.settings)) {
        all.push_back({i, one});
      }
    }
  }
  return all;
}

Selection Select(const ir::Any& mod, const Operator& op, const Request& asked) {
  Request request = asked;
  request.settings = op.Checked(asked.settings);
  Scope scope(mod, op, request);
  std::vector<Choice> chosen = !request.id.empty() ? ChooseById(mod, op, request, scope)
                               : request.all       ? ChooseAll(op, request, scope)
                                                   : ChooseByNumber(op, request, scope);
  return {scope.Release(), std::move(chosen)};
}

ir::Any Mutate(const ir::Any& mod, const Operator& op, const Request& request) {
  Selection selection = Select(mod, op, request);
  std::map<int32_t, std::vector<Change>> by_kernel;
  for (Choice& choice : selection.chosen) {
    const Site& site = selection.found.sites[choice.site];
    by_kernel[site.kernel].push_back({site.path, std::move(choice.replacement.settings)});
  }
  ir::Any result = mod;
  for (auto& [number, changes] : by_kernel) {
    const ir::Kernel& kernel = selection.found.kernels[number];
    result = ir::IsRelaxFunction(kernel.func)
                 ? ApplyToGraph(result, kernel, Faults(op, std::move(changes)))
                 : ir::WithFunction(result, kernel.global_var,
                                    Apply(kernel.func, op, std::move(changes)));
  }
  return result;
}

}  // namespace mutatenn::engine
