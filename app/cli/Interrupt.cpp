#include "app/cli/Interrupt.h"

#include <csignal>

namespace layersmith {

namespace {

volatile std::sig_atomic_t g_isAsked = 0;

void listen(void (*handler)(int), int flags) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

void ask(int) {
  g_isAsked = 1;
}

}  // namespace

Interrupt::Interrupt() {
  g_isAsked = 0;
  listen(ask, int(SA_RESETHAND | SA_RESTART));
}

Interrupt::~Interrupt() {
  listen(SIG_DFL, 0);
}

bool Interrupt::isAsked() const {
  return g_isAsked != 0;
}

}  // namespace layersmith
