#include "app/cli/ExitCode.h"

namespace layersmith {

int exitCode(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::AlreadyExists: return 1;
    case ErrorKind::InvalidConfig: return kUsageExit;
    case ErrorKind::NotFound: return 3;
    case ErrorKind::ShapeMismatch:
    case ErrorKind::Unsupported:
    case ErrorKind::Format:
    case ErrorKind::Database:
    case ErrorKind::Internal: return 4;
    case ErrorKind::Io:
    case ErrorKind::NoSpace: return 5;
    case ErrorKind::Network: return 6;
    case ErrorKind::Numeric: return 7;
    case ErrorKind::Busy:
    case ErrorKind::Changed: return 8;
    case ErrorKind::LimitExceeded: return 9;
    case ErrorKind::Cancelled: return kStoppedExit;
  }
  return 4;
}

}  // namespace layersmith
