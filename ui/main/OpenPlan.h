#pragma once

#include <QString>
#include <QStringList>

#include <vector>

class QMimeData;

namespace layersmith {

/// What would be done with one thing handed to the program.
struct OpenItem {
  enum class Kind { Model, Table, Images } kind = Kind::Model;
  QString place;   ///< Model: what parsePlace takes. Table: the file. Images: the file of images
  QString labels;  ///< Images: the file of labels
};

/// What the program would do with files, folders or links, told before they are let go. Content decides, not the
/// extension. `items` empty: nothing can be done, and `text` says why.
struct OpenPlan {
  QString title;      ///< "Open one model"
  QString text;       ///< "`model.json` with 2 weight files. It opens in a new tab."
  QStringList chips;  ///< "model.json", "2 × .bin"
  std::vector<OpenItem> items;
};

/// Looks at names and at most the first megabyte of each file.
OpenPlan planOpen(const QStringList& pathsAndLinks);

/// Local files and http(s) links of a drag.
QStringList placesIn(const QMimeData& mime);

}  // namespace layersmith
