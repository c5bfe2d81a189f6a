#pragma once

#include "model/server/HttpMessage.h"

#include <functional>
#include <memory>
#include <string_view>
#include <variant>

namespace layersmith {

/// Takes one request body as it comes. Everything it holds is given back when it is destroyed.
/// Thread rule: one thread at a time, never the network's.
class BodySink {
 public:
  virtual ~BodySink() = default;
  virtual void write(std::string_view bytes) = 0;  ///< throws Refusal or Error
  virtual HttpResponse finish() = 0;               ///< the body is whole; throws Refusal or Error
};

/// Work that may wait for the disk. Throws Refusal or Error.
struct HttpWork {
  std::function<HttpResponse()> run;
  bool changes = false;  ///< what changes models is done one at a time, and so are BodySink::finish
};

/// What to do with a request, told from its head: answer at once, work and answer, or take its body first.
using HttpDecision = std::variant<HttpResponse, HttpWork, std::function<std::unique_ptr<BodySink>()>>;

/// The meaning of requests, apart from how they travel.
class RequestHandler {
 public:
  virtual ~RequestHandler() = default;

  /// Called on the network thread: never waits. A request with a body that gets another decision than a sink is
  /// answered and its connection closed.
  virtual HttpDecision decide(const HttpRequest& request) = 0;

  /// Called on the network thread for every answer, refusals of the transport included: fields that all answers carry.
  virtual void complete(const HttpRequest& request, HttpResponse& response) = 0;

  /// Called now and then on the working thread: removes what time has made void.
  virtual void tidy() = 0;
};

}  // namespace layersmith
