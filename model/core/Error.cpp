#include "model/core/Error.h"

#include <exception>
#include <new>
#include <utility>

namespace layersmith {

Error::Error(ErrorKind kind, const std::string& message, std::string code, std::string where, std::string hint)
    : std::runtime_error(message),
      m_kind(kind),
      m_code(std::move(code)),
      m_where(std::move(where)),
      m_hint(std::move(hint)) {}

Error Error::within(const std::string& outer) const {
  return Error(m_kind, message(), m_code, m_where.empty() ? outer : outer + " > " + m_where, m_hint)
      .withDetails(m_details);
}

Error Error::withDetails(std::string details) const {
  Error error = *this;
  error.m_details = std::move(details);
  return error;
}

std::string toString(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::InvalidConfig: return "invalid-config";
    case ErrorKind::ShapeMismatch: return "shape-mismatch";
    case ErrorKind::Unsupported: return "unsupported";
    case ErrorKind::Format: return "format";
    case ErrorKind::NotFound: return "not-found";
    case ErrorKind::AlreadyExists: return "already-exists";
    case ErrorKind::Io: return "io";
    case ErrorKind::NoSpace: return "no-space";
    case ErrorKind::Database: return "database";
    case ErrorKind::Network: return "network";
    case ErrorKind::Busy: return "busy";
    case ErrorKind::Changed: return "changed";
    case ErrorKind::LimitExceeded: return "limit-exceeded";
    case ErrorKind::Numeric: return "numeric";
    case ErrorKind::Cancelled: return "cancelled";
    case ErrorKind::Internal: return "internal";
  }
  return "internal";
}

Error currentError() {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return {ErrorKind::LimitExceeded, "There is not enough memory for this.", "E130"};
  } catch (const std::exception& exception) {
    return {ErrorKind::Internal, std::string("Something failed inside a library: ") + exception.what()};
  } catch (...) {
    return {ErrorKind::Internal, "Something failed inside a library."};
  }
}

}  // namespace layersmith
