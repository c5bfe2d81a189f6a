#pragma once

#include "model/storage/ModelStore.h"
#include "ui/main/StoreWorker.h"

#include <QTimer>
#include <QWidget>

class QPushButton;
class QVBoxLayout;

namespace layersmith {

class TextLabel;

/// The right side of the catalog: what is known of one saved model; its layers are read off the GUI thread.
class CatalogDetails : public QWidget {
  Q_OBJECT

 public:
  explicit CatalogDetails(StoreWorker& stores, QWidget* parent = nullptr);

  void setEntry(const ModelEntry* entry);  ///< null: nothing chosen

 Q_SIGNALS:
  void openRequested(const QString& url);
  void copyRequested(const QString& url);

 private:
  struct Contents;
  void readLayers();
  void showContents(const Contents& contents);
  void clearLayers();
  void addFact(QVBoxLayout& column, const QString& title, TextLabel*& value);

  StoreWorker& m_stores;
  ModelEntry m_entry;
  QWidget* m_body = nullptr;
  TextLabel* m_name = nullptr;
  TextLabel* m_url = nullptr;
  TextLabel* m_problem = nullptr;
  QPushButton* m_open = nullptr;
  TextLabel* m_layersNote = nullptr;
  QVBoxLayout* m_layers = nullptr;
  TextLabel* m_structure = nullptr;
  TextLabel* m_weights = nullptr;
  TextLabel* m_saved = nullptr;
  TextLabel* m_trainedOn = nullptr;
  TextLabel* m_optimizer = nullptr;
  QTimer m_timer;
};

}  // namespace layersmith
