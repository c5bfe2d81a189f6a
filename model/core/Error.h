#pragma once

#include <stdexcept>
#include <string>

namespace layersmith {

/// What kind of thing went wrong. The kind decides the exit code of the command line and the advice in the studio.
enum class ErrorKind {
  InvalidConfig,  ///< A layer, optimizer or option has a value that it cannot have.
  ShapeMismatch,  ///< Two shapes that must agree do not.
  Unsupported,    ///< Understood, but this program does not do it.
  Format,         ///< A file or reply is not what it claims to be.
  NotFound,       ///< The named model, file or column does not exist.
  AlreadyExists,  ///< The destination holds something that must not be overwritten unasked.
  Io,             ///< Reading or writing failed (permission, device).
  NoSpace,        ///< Disk full, or the quota of a store reached.
  Database,       ///< The SQLite store refused.
  Network,        ///< A server could not be reached, or it refused.
  Busy,           ///< Someone else is working on it.
  Changed,        ///< Another program wrote there since.
  LimitExceeded,  ///< Over a limit of model/core/Limits.h.
  Numeric,        ///< NaN or infinity where a number is needed.
  Cancelled,      ///< The person stopped it.
  Internal        ///< Our own mistake, or a library's.
};

/// The one exception type of the project: an operation could not do what was asked.
///
/// message()  what was found and what to do, as a person reads it (RELIABILITY section 6), no code in it
/// code()     "E110", empty when there is none
/// where()    "model.json > config.layers[3] > units", empty when there is none
/// hint()     what to do next, one sentence, may be empty
/// details()  what somebody else said of it, as it came: a server's whole answer; lines, may be empty
/// Thread rule: a value; safe to copy between threads. Caught only at a boundary (a slot, a command, a worker).
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message, std::string code = {}, std::string where = {},
        std::string hint = {});

  ErrorKind kind() const { return m_kind; }
  std::string message() const { return what(); }
  const std::string& code() const { return m_code; }
  const std::string& where() const { return m_where; }
  const std::string& hint() const { return m_hint; }
  const std::string& details() const { return m_details; }

  /// The same error, with `outer` put before its place: "weights.bin" -> "model.json > weights.bin".
  Error within(const std::string& outer) const;
  Error withDetails(std::string details) const;

 private:
  ErrorKind m_kind;
  std::string m_code;
  std::string m_where;
  std::string m_hint;
  std::string m_details;
};

/// Stable lower-case word of a kind ("shape-mismatch"), as --json prints it when an error has no code.
std::string toString(ErrorKind kind);

/// The error behind the exception in flight: an Error as it is, any other (bad_alloc, Armadillo, ...) translated.
/// Call only inside a catch block, at a boundary.
Error currentError();

}  // namespace layersmith
