#include "model/document/ModelCheck.h"

namespace layersmith {

bool isFinding(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::Format:
    case ErrorKind::ShapeMismatch:
    case ErrorKind::Unsupported:
    case ErrorKind::LimitExceeded: return true;
    case ErrorKind::Database: return error.code() != "E203";  // written while it was read: read again, it may be whole
    default: return false;
  }
}

std::string withoutQuestions(std::string message) {
  while (message.size() > 1 && message.ends_with('?')) {
    const auto end = message.find_last_of(".?", message.size() - 2);
    if (end == std::string::npos) break;
    message.resize(end + 1);
  }
  return message;
}

}  // namespace layersmith
