#pragma once

namespace layersmith {

/// Ctrl-C and SIGTERM while this object lives: the first asks to stop, the second ends the program as usual.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool isAsked() const;
};

}  // namespace layersmith
