#pragma once

#include <QString>
#include <QStringList>

#include <vector>

class QMimeData;

namespace layersmith {

/// What would be done with one thing handed to the program.
struct OpenItem {
  enum class Kind { Model, PickedModel, Table, Images } kind = Kind::Model;
  QString place;      ///< Model: what parsePlace takes. PickedModel: its JSON file. Table: the file. Images: their file
  QString labels;     ///< Images: the file of labels
  QStringList files;  ///< PickedModel: all its files, which lie in different folders
};

/// What the program would do with files, folders or links, told before they are let go. Content decides, not the
/// extension. `items` empty: nothing can be done, and `text` says why.
struct OpenPlan {
  QString title;      ///< "Open one model"
  QString text;       ///< "`model.json` with 2 weight files. It opens in a new tab."
  QStringList chips;  ///< "model.json", "2 × .bin"
  std::vector<OpenItem> items;
  QString note;  ///< what is left aside: "Left aside, as no model here names them: `old.bin`."
};

/// Looks at names and at most the first megabyte of each file; at all of a model.json that weight files came with: they
/// may come in any order and from any folder, and are matched by the names in its manifest.
OpenPlan planOpen(const QStringList& pathsAndLinks);

/// Local files and http(s) links of a drag.
QStringList placesIn(const QMimeData& mime);

}  // namespace layersmith
