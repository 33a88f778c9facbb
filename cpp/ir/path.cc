// Pre-order walks over executed nodes, and copy-on-write along one path.
#include "path.h"

#include <tvm/ffi/container/array.h>
#include <tvm/ffi/error.h>

#include <charconv>

namespace mutatenn::ir {
namespace {

bool IsNode(const Any& value) {
  return value.type_index() >= tvm::ffi::TypeIndex::kTVMFFIStaticObjectBegin;
}

bool IsArray(const Any& value) { return value.type_index() == tvm::ffi::TypeIndex::kTVMFFIArray; }

// Whether the step ends at a node.
bool HasChild(const Any& node, const Step& step) {
  Any value = step.field->Get(node);
  if (step.item == -1) return IsNode(value) && !IsArray(value);
  if (step.item < 0 || !IsArray(value)) return false;
  auto items = value.cast<Array<Any>>();
  return static_cast<size_t>(step.item) < items.size() && IsNode(items[step.item]);
}

void WalkFrom(const Any& node, const Any& parent, Path* path, std::vector<Any>* above,
              const std::function<void(const Cursor&)>& visit) {
  visit(Cursor{node, parent, *path, above});
  above->push_back(node);
  for (const Field& field : Schema::Get().TypeOf(node).executed) {
    Any value = field.Get(node);
    if (IsArray(value)) {
      auto items = value.cast<Array<Any>>();
      for (size_t i = 0; i < items.size(); ++i) {
        if (!IsNode(items[i])) continue;
        path->push_back({&field, static_cast<int32_t>(i)});
        WalkFrom(items[i], node, path, above, visit);
        path->pop_back();
      }
    } else if (IsNode(value)) {
      path->push_back({&field, -1});
      WalkFrom(value, node, path, above, visit);
      path->pop_back();
    }
  }
  above->pop_back();
}

struct Replacer {
  const Path& path;
  const std::function<Any(const Cursor&)>& rewrite;
  const std::function<Any(const Any&, const Any&)>& rebuilt;
  std::vector<Any> above = {};

  Any At(const Any& node, const Any& parent, size_t depth) {
    if (depth == path.size()) {
      Any made = rewrite(Cursor{node, parent, path, &above});
      return made.type_index() == node.type_index() ? rebuilt(node, made) : made;
    }
    above.push_back(node);
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
  Path path;
  Any node = root;
  for (std::string_view rest = text; !rest.empty();) {
    Step step{nullptr, -1};
    size_t end = rest.find('.', 1);
    std::string_view name = rest.substr(0, end);
    rest = end == std::string_view::npos ? "" : rest.substr(end);
    if (size_t bracket = name.find('['); bracket != std::string_view::npos) {
      std::string_view digits = name.substr(bracket + 1);
      auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), step.item);
      if (error != std::errc() || std::string_view(stop, digits.end() - stop) != "]")
        step.item = -2;
      name = name.substr(0, bracket);
    }
    for (const Field& child : Schema::Get().TypeOf(node).executed) {
      if (name.substr(0, 1) == "." && child.name() == name.substr(1)) step.field = &child;
    }
    if (step.field == nullptr || !HasChild(node, step)) {
      TVM_FFI_THROW(ValueError) << "'" << text << "' leads nowhere";
    }
    path.push_back(step);
    node = ChildAt(node, step);
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
  std::vector<Any> above;
  WalkFrom(root, Any(), &path, &above, visit);
}

Any ReplaceAt(const Any& root, const Path& path, const std::function<Any(const Cursor&)>& rewrite,
              const std::function<Any(const Any&, const Any&)>& rebuilt) {
  return Replacer{path, rewrite, rebuilt}.At(root, Any(), 0);
}

}  // namespace mutatenn::ir
