#include "model/format/CaseConversion.h"

#include <algorithm>
#include <cctype>

namespace layersmith {

namespace {

bool isUpper(char c) {
  return std::isupper(static_cast<unsigned char>(c)) != 0;
}
bool isLowerOrDigit(char c) {
  return std::islower(static_cast<unsigned char>(c)) || std::isdigit(static_cast<unsigned char>(c));
}

}  // namespace

std::string toCamelCase(std::string_view snake) {
  if (snake.size() <= 1) return std::string(snake);
  std::string camel;
  for (std::size_t i = 0; i < snake.size(); ++i) {
    if (snake[i] != '_') {
      camel += snake[i];
      continue;
    }
    while (i + 1 < snake.size() && snake[i + 1] == '_') ++i;
    if (i + 1 < snake.size()) camel += char(std::toupper(static_cast<unsigned char>(snake[++i])));
  }
  return camel;
}

std::string toSnakeCase(std::string_view camel) {
  // Two regular expressions in the source: (.)([A-Z][a-z0-9]+) and ([a-z])([A-Z]), each with an underscore put between.
  std::string snake;
  for (std::size_t i = 0; i < camel.size(); ++i) {
    const bool startsWord = i > 0 && isUpper(camel[i]) &&
                            ((i + 1 < camel.size() && isLowerOrDigit(camel[i + 1])) ||
                             std::islower(static_cast<unsigned char>(camel[i - 1])));
    if (startsWord && camel[i - 1] != '_') snake += '_';
    snake += char(std::tolower(static_cast<unsigned char>(camel[i])));
  }
  return snake;
}

std::string choiceFromDisk(const FieldSpec& field, const std::string& onDisk) {
  const std::string camel = toCamelCase(onDisk);
  for (const std::string& choice : field.choices)
    if (choice == onDisk || choice == camel || toSnakeCase(choice) == toSnakeCase(onDisk)) return choice;
  return onDisk;
}

}  // namespace layersmith
