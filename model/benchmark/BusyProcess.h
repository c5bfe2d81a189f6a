#pragma once

namespace layersmith {

/// Another process that keeps the first processor of this one busy while the object lives; ends with this process, too.
/// For a program without threads of its own so far. Errors: Io when it cannot be started.
class BusyProcess {
 public:
  BusyProcess();
  ~BusyProcess();
  BusyProcess(const BusyProcess&) = delete;
  BusyProcess& operator=(const BusyProcess&) = delete;

 private:
  int m_pid;
};

}  // namespace layersmith
