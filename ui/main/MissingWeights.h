#pragma once

#include <QStringList>

namespace layersmith {

class DocumentView;
class StoreWorker;

/// Says above the canvas which weight files are missing, and offers to look for them in a folder or to start afresh.
void showMissingWeights(DocumentView& view, StoreWorker& stores, const QStringList& files);

}  // namespace layersmith
