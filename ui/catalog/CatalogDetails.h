#pragma once

#include "model/storage/ModelStore.h"

#include <QTimer>
#include <QWidget>

class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace layersmith {

class CatalogController;
class CatalogDetailsLayers;
class CatalogDetailsOfMany;
class TextLabel;
struct JobProgress;
struct ModelContents;
struct ModelFacts;

/// The right side of the catalog: what is known of one saved model, or of several at once. Layers are read off the GUI
/// thread. What cannot be read now keeps what was read before, faint, with the reason and Retry, and is read again by
/// itself when its place answers again.
class CatalogDetails : public QWidget {
  Q_OBJECT

 public:
  explicit CatalogDetails(CatalogController& catalog, QWidget* parent = nullptr);
  ~CatalogDetails() override;

  void setRows(const std::vector<int>& rows);  ///< of the catalog's model; none: nothing chosen

 Q_SIGNALS:
  void openRequested(const QString& url);
  void copyRequested(const QString& url);

 private:
  void setEntry(const ModelEntry& entry);
  void clearEntry();
  void readLayers();
  void showContents(const ModelContents& contents);
  void showFacts(const ModelFacts& facts);
  void connectSignals();
  void makeHead(QVBoxLayout& column);
  void makeButtons(QVBoxLayout& column);
  void makeUnread(QVBoxLayout& column);
  void makeProblem(QVBoxLayout& column);
  void makeFacts(QVBoxLayout& column);
  void showProblem();
  void showCheck(const QString& problem, bool isDamaged);
  void showUnread();
  void followPlace();
  void askLater();
  void retry();
  QString awayReason() const;  ///< of its place; empty: reachable
  QString placeKey() const;

  CatalogController& m_catalog;
  ModelEntry m_entry;
  bool m_isRead = false;     ///< what is shown is of this model
  bool m_isAway = false;     ///< its place is not reachable
  QString m_unread;          ///< why the last reading failed, when it says nothing of the model
  QString m_readingFinding;  ///< what the last reading found wrong with it
  QString m_checkFinding;
  struct Kept;
  std::unique_ptr<Kept> m_kept;  ///< what was read of the models before
  std::shared_ptr<JobProgress> m_reading;
  QTimer m_timer, m_slowTimer, m_askTimer;  ///< the latter: whether a server that was away is back

  TextLabel* m_nothing = nullptr;
  QScrollArea* m_scroll = nullptr;
  CatalogDetailsOfMany* m_many = nullptr;
  TextLabel* m_name = nullptr;
  TextLabel* m_url = nullptr;
  QPushButton* m_open = nullptr;
  QWidget* m_unreadBox = nullptr;
  TextLabel* m_unreadTitle = nullptr;
  TextLabel* m_unreadReason = nullptr;
  QWidget* m_problemBox = nullptr;
  TextLabel* m_problem = nullptr;
  QPushButton* m_export = nullptr;  ///< of what cannot be read
  CatalogDetailsLayers* m_layers = nullptr;
  TextLabel* m_structure = nullptr;
  TextLabel* m_weights = nullptr;
  TextLabel* m_total = nullptr;
  TextLabel* m_saved = nullptr;
  TextLabel* m_trainedOn = nullptr;
  TextLabel* m_score = nullptr;
  TextLabel* m_optimizer = nullptr;
  TextLabel* m_integrity = nullptr;
};

}  // namespace layersmith
