#pragma once

#include "model/storage/browser/BrowserRecords.h"

#include <QByteArrayView>

namespace layersmith {

/// One model as a browser keeps it.
struct DumpedModel {
  QString scheme;  ///< "localstorage" or "indexeddb"
  QString name;
  std::vector<BrowserRecord> records;
  WeightData weights;  ///< of IndexedDB; null where the record has none
};

/// The models of a dump: all of localStorage as one object of texts, all of IndexedDB as a list of databases, or both
/// as {"localStorage", "indexedDB"}. An ArrayBuffer is {"$arrayBuffer": base64}, a Date {"$date": iso}. What is no
/// model of TensorFlow.js is passed over. Format: browser-dump.md. Errors: E103, E104, E130.
std::vector<DumpedModel> readDump(QByteArrayView json, const QString& fileName);

/// The dump of these models, in the first or second form where they are of one scheme, else in the third.
QByteArray writeDump(const std::vector<DumpedModel>& models);

/// What to paste into a page's console: the first saves both stores as a file, the second brings such a file into them.
QString dumpScript();
QString restoreScript();

}  // namespace layersmith
