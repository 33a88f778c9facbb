/*!
 * \file cpp/ir/path.cc
 * \brief Pre-order walks over executed nodes, and copy-on-write along one path.
 */
#include "path.h"

#include <tvm/ffi/container/array.h>
#include <tvm/ffi/error.h>

#include <regex>

namespace mutatenn::ir {
namespace {

bool IsNode(const Any& value) {
  return value.type_index() >= tvm::ffi::TypeIndex::kTVMFFIStaticObjectBegin;
}

bool IsArray(const Any& value) { return value.type_index() == tvm::ffi::TypeIndex::kTVMFFIArray; }

void WalkFrom(const Any& node, const Any& parent, Path* path,
              const std::function<void(const Cursor&)>& visit) {
  visit(Cursor{node, parent, *path});
  for (const Field& field : Schema::Get().TypeOf(node).executed) {
    Any value = field.Get(node);
    if (IsArray(value)) {
      auto items = value.cast<Array<Any>>();
      for (size_t i = 0; i < items.size(); ++i) {
        if (!IsNode(items[i])) continue;
        path->push_back({&field, static_cast<int32_t>(i)});
        WalkFrom(items[i], node, path, visit);
        path->pop_back();
      }
    } else if (IsNode(value)) {
      path->push_back({&field, -1});
      WalkFrom(value, node, path, visit);
      path->pop_back();
    }
  }
}

struct Replacer {
  const Path& path;
  const std::function<Any(const Cursor&)>& rewrite;
  const std::function<Any(const Any&, const Any&)>& rebuilt;

  Any At(const Any& node, const Any& parent, size_t depth) const {
    if (depth == path.size()) return rewrite(Cursor{node, parent, path});
    const Step& step = path[depth];
    Any value = step.field->Get(node);
    if (step.item < 0) {
      return rebuilt(node, step.field->With(node, At(value, node, depth + 1)));
    }
    auto items = value.cast<Array<Any>>();
    items.Set(step.item, At(items[step.item], node, depth + 1));
    return rebuilt(node, step.field->With(node, items));
  }
};

}  // namespace

std::string ToString(const Path& path) {
  std::string text;
  for (const Step& step : path) {
    text.append(".").append(step.field->name());
    if (step.item >= 0) text.append("[").append(std::to_string(step.item)).append("]");
  }
  return text;
}

Any ChildAt(const Any& node, const Step& step) {
  Any value = step.field->Get(node);
  return step.item < 0 ? value : value.cast<Array<Any>>()[step.item];
}

Path ParsePath(const Any& root, std::string_view text) {
  static const std::regex kStep(R"(\.(\w+)(?:\[(\d+)\])?)");
  Path path;
  Any node = root;
  const std::string steps(text);
  auto at = steps.begin();
  for (std::smatch step; at != steps.end(); at = step[0].second) {
    const Field* field = nullptr;
    if (std::regex_search(at, steps.end(), step, kStep, std::regex_constants::match_continuous)) {
      for (const Field& child : Schema::Get().TypeOf(node).executed) {
        if (child.name() == step[1].str()) field = &child;
      }
    }
    if (field == nullptr) TVM_FFI_THROW(ValueError) << "'" << steps << "' leads nowhere";
    path.push_back({field, step[2].matched ? std::stoi(step[2]) : -1});
    node = ChildAt(node, path.back());
  }
  return path;
}

bool Precedes(const Path& lhs, const Path& rhs) {
  for (size_t i = 0; i < lhs.size() && i < rhs.size(); ++i) {
    // Fields of one class lie in one array, in the order in which they are read.
    if (lhs[i].field != rhs[i].field) return lhs[i].field < rhs[i].field;
    if (lhs[i].item != rhs[i].item) return lhs[i].item < rhs[i].item;
  }
  return lhs.size() < rhs.size();
}

void Walk(const Any& root, const std::function<void(const Cursor&)>& visit) {
  Path path;
  WalkFrom(root, Any(), &path, visit);
}

Any ReplaceAt(const Any& root, const Path& path, const std::function<Any(const Cursor&)>& rewrite,
              const std::function<Any(const Any&, const Any&)>& rebuilt) {
  return Replacer{path, rewrite, rebuilt}.At(root, Any(), 0);
}

}  // namespace mutatenn::ir
