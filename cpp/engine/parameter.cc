// Reading values: choices as they are listed, numbers by the C++ library, free of locales.
#include "parameter.h"

#include <tvm/ffi/error.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "../ir/relax.h"

namespace mutatenn::engine {
namespace {

// The number that the whole of a text is, if it is one.
template <typename Number>
std::optional<Number> Parsed(std::string_view text) {
  Number number{};
  // `+1` is what people write for a step forwards; the library takes no plus.
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

template <typename Number>
std::string Written(Number number) {
  char text[32];
  auto [end, error] = std::to_chars(text, text + sizeof text, number);
  if (error != std::errc()) TVM_FFI_THROW(InternalError) << "a number too long to write";
  return std::string(text, end);
}

std::string Joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + value;
  return text;
}

bool AreOperators(std::string_view joined) {
  for (std::string_view name : SplitNames(joined)) {
    if (!ir::IsOperatorName(name)) return false;
  }
  return true;
}

}  // namespace

std::vector<std::string_view> SplitNames(std::string_view joined) {
  std::vector<std::string_view> names;
  for (size_t begin = 0; begin <= joined.size();) {
    const size_t end = std::min(joined.find('+', begin), joined.size());
    names.push_back(joined.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

std::string Parameter::Accepted() const {
  if (form == Form::kChoice) return "one of: " + Joined(choices);
  if (form == Form::kOperators) return "operators of Relax joined by +, such as nn.conv2d+add";
  const std::string kind = form == Form::kInteger ? "an integer" : "a number";
  if (std::isinf(least) && std::isinf(most)) return kind;
  if (std::isinf(most)) return kind + " of " + Written(least) + " or more";
  if (std::isinf(least)) return kind + " of " + Written(most) + " or less";
  return kind + " from " + Written(least) + " to " + Written(most);
}

std::string Parameter::Spelled(std::string_view operator_id, const std::string& value) const {
  if (form == Form::kChoice) {
    if (std::find(choices.begin(), choices.end(), value) != choices.end()) return value;
  } else if (form == Form::kOperators) {
    if (!value.empty() && AreOperators(value)) return value;
  } else if (form == Form::kInteger) {
    std::optional<int64_t> number = Parsed<int64_t>(value);
    if (number && least <= *number && *number <= most) return Written(*number);
  } else {
    std::optional<double> number = Parsed<double>(value);
    if (number && std::isfinite(*number) && least <= *number && *number <= most) {
      // Minus zero would be a second name of the same mutant.
      return Written(*number == 0 ? 0.0 : *number);
    }
  }
  TVM_FFI_THROW(ValueError) << operator_id << " parameter '" << name << "' cannot be '" << value
                            << "'; give " << Accepted();
}

std::string_view NameOf(Form form) {
  switch (form) {
    case Form::kInteger:
      return "integer";
    case Form::kNumber:
      return "number";
    case Form::kOperators:
      return "operators";
    case Form::kChoice:
      break;
  }
  return "choice";
}

std::string_view ValueOf(const Settings& settings, std::string_view name,
                         std::string_view fallback) {
  auto it = settings.find(name);
  return it == settings.end() ? fallback : std::string_view(it->second);
}

std::vector<std::string> ValuesOf(const Settings& settings, std::string_view name,
                                  const std::vector<std::string>& offered) {
  auto it = settings.find(name);
  return it == settings.end() ? offered : std::vector<std::string>{it->second};
}

int64_t IntegerOf(std::string_view value) {
  std::optional<int64_t> number = Parsed<int64_t>(value);
  if (!number) TVM_FFI_THROW(InternalError) << "'" << value << "' was not checked";
  return *number;
}

double NumberOf(std::string_view value) {
  std::optional<double> number = Parsed<double>(value);
  if (!number) TVM_FFI_THROW(InternalError) << "'" << value << "' was not checked";
  return *number;
}

std::string ToString(const Settings& settings) {
  std::string text;
  for (const auto& [name, value] : settings) {
    text.append(text.empty() ? "" : ",").append(name).append("=").append(value);
  }
  return text;
}

}  // namespace mutatenn::engine
