#pragma once

#include "model/core/Error.h"
#include "model/session/ComputeThread.h"

#include <QFuture>
#include <QObject>

#include <optional>
#include <type_traits>
#include <utility>

namespace layersmith {

/// What a job on the compute thread came to: a value, or the error that kept it from one.
template <class T>
struct JobResult {
  std::optional<T> value;
  std::optional<Error> error;
};

/// Runs `job` on the compute thread, then `then(JobResult<T>)` in the GUI thread, always later than this call returns;
/// not when `receiver` is gone by then.
template <class Job, class Then>
void computeThen(ComputeThread& compute, QObject* receiver, Job job, Then then) {
  using T = std::invoke_result_t<Job>;
  auto guarded = [job = std::move(job)]() -> JobResult<T> {
    try {
      return {job(), std::nullopt};
    } catch (...) {
      return {std::nullopt, currentError()};
    }
  };
  compute.run(std::move(guarded)).then(receiver, [receiver, then = std::move(then)](const JobResult<T>& result) {
    QMetaObject::invokeMethod(
        receiver, [then, result] { then(result); }, Qt::QueuedConnection);
  });
}

}  // namespace layersmith
