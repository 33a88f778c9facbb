/*!
 * \file cpp/ir/path.cc
 * \brief Pre-order walks over executed nodes, and copy-on-write along one path.
 */
#include "path.h"

#include <tvm/ffi/container/array.h>

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

void Walk(const Any& root, const std::function<void(const Cursor&)>& visit) {
  Path path;
  WalkFrom(root, Any(), &path, visit);
}

Any ReplaceAt(const Any& root, const Path& path, const std::function<Any(const Cursor&)>& rewrite,
              const std::function<Any(const Any&, const Any&)>& rebuilt) {
  return Replacer{path, rewrite, rebuilt}.At(root, Any(), 0);
}

}  // namespace mutatenn::ir
