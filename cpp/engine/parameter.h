// Parameters of mutation operators: what a user may set, and how a value is read and written.
#ifndef MUTATENN_ENGINE_PARAMETER_H_
#define MUTATENN_ENGINE_PARAMETER_H_

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mutatenn::engine {

// Values by parameter name; a name that is absent leaves the choice to the operator.
using Settings = std::map<std::string, std::string, std::less<>>;

// What the values of a parameter are. Operators are those of Relax, joined by `+`.
enum class Form { kChoice, kInteger, kNumber, kOperators };

// One parameter: it either selects sites or chooses the replacement.
struct Parameter {
  std::string name;
  // The accepted values of a choice; of a number, those offered where it is left out.
  std::vector<std::string> choices;
  // What leaving it out means, in words.
  std::string when_absent;
  std::string summary;
  Form form = Form::kChoice;
  // The least and the greatest value of a number; infinite: none.
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();

  // What it accepts, in words: `one of: lt, le`, `an integer of 1 or more`.
  std::string Accepted() const;
  // The one spelling of a value: `0.5` of `.50`. Throws ValueError saying what is accepted.
  std::string Spelled(std::string_view operator_id, const std::string& value) const;
};

// The name of a form: `choice`, `integer`, `number` or `operators`.
std::string_view NameOf(Form form);

// The value of a setting, or `fallback`.
std::string_view ValueOf(const Settings& settings, std::string_view name,
                         std::string_view fallback = "");

// The value that is asked for, alone; all of `offered` where the parameter is left out.
std::vector<std::string> ValuesOf(const Settings& settings, std::string_view name,
                                  const std::vector<std::string>& offered);

// The names in a value of several, joined by `+`.
std::vector<std::string_view> SplitNames(std::string_view joined);

// A value in its one spelling as a number.
int64_t IntegerOf(std::string_view value);
double NumberOf(std::string_view value);

// Settings as `name=value` pairs joined by commas, in order of name.
std::string ToString(const Settings& settings);

}  // namespace mutatenn::engine
#endif  // MUTATENN_ENGINE_PARAMETER_H_
