#include "resources/Resources.h"

#include <QtCore/qglobal.h>

// Q_INIT_RESOURCE declares a function of the global namespace.
static void initLayersmithResources() {
  Q_INIT_RESOURCE(layersmith);
}

void layersmith::initResources() {
  initLayersmithResources();
}
