#include "model/session/ComputeThread.h"

namespace layersmith {

ComputeThread::ComputeThread() {
  m_pool.setMaxThreadCount(1);
  m_pool.setExpiryTimeout(-1);
}

ComputeThread::~ComputeThread() { m_pool.waitForDone(); }

}  // namespace layersmith
