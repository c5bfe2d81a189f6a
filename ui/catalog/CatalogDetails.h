#pragma once

#include "model/storage/ModelStore.h"

#include <QTimer>
#include <QWidget>

class QPushButton;
class QVBoxLayout;

namespace layersmith {

class CatalogController;
class TextLabel;
class TopologyPicture;

/// The right side of the catalog: what is known of one saved model; its layers are read off the GUI thread.
class CatalogDetails : public QWidget {
  Q_OBJECT

 public:
  explicit CatalogDetails(CatalogController& catalog, QWidget* parent = nullptr);

  void setEntry(const ModelEntry* entry);  ///< null: nothing chosen

 Q_SIGNALS:
  void openRequested(const QString& url);
  void copyRequested(const QString& url);

 private:
  struct Contents;
  void readLayers();
  void showContents(const Contents& contents);
  void clearLayers();
  void makeHead(QVBoxLayout& column);
  void makeFacts(QVBoxLayout& column);
  void showProblem(const QString& problem);
  void showCheck(const QString& problem);
  void addFact(QVBoxLayout& column, const QString& title, TextLabel*& value, bool isLong = false);

  CatalogController& m_catalog;
  ModelEntry m_entry;
  QWidget* m_body = nullptr;
  TextLabel* m_name = nullptr;
  TextLabel* m_url = nullptr;
  QWidget* m_problemBox = nullptr;
  TextLabel* m_problem = nullptr;
  QPushButton* m_open = nullptr;
  QPushButton* m_export = nullptr;  ///< of what cannot be read
  TextLabel* m_layersNote = nullptr;
  QVBoxLayout* m_layers = nullptr;
  TextLabel* m_structure = nullptr;
  TextLabel* m_weights = nullptr;
  TextLabel* m_total = nullptr;
  TextLabel* m_saved = nullptr;
  TextLabel* m_trainedOn = nullptr;
  TextLabel* m_score = nullptr;
  TextLabel* m_optimizer = nullptr;
  TextLabel* m_integrity = nullptr;
  TopologyPicture* m_topology = nullptr;
  TextLabel* m_nothing = nullptr;
  QTimer m_timer;
};

}  // namespace layersmith
