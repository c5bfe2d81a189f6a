#pragma once

#include "model/document/DocumentIo.h"
#include "ui/dialogs/Parts.h"
#include "ui/main/StoreWorker.h"

class QLineEdit;
class QProgressBar;

namespace layersmith {

class HeadersTable;
class MessageStrip;

/// Loads a model from a web address: a model.json, or a folder that holds one. Shows bytes as they come; Cancel leaves
/// nothing behind.
class LinkDialog : public FooterDialog {
  Q_OBJECT

 public:
  LinkDialog(StoreWorker& transfers, QWidget* parent);
  ~LinkDialog() override;

 Q_SIGNALS:
  void loaded(const QString& url, const layersmith::OpenedDocument& document);

 private:
  void start();
  void showProgress();
  void setBusy(bool isBusy);

  StoreWorker& m_transfers;
  QLineEdit* m_address = nullptr;
  QLineEdit* m_token = nullptr;
  HeadersTable* m_headers = nullptr;
  QProgressBar* m_bar = nullptr;
  TextLabel* m_amount = nullptr;
  MessageStrip* m_message = nullptr;
  QPushButton* m_open = nullptr;
  std::shared_ptr<JobProgress> m_progress;
  QTimer* m_timer = nullptr;
};

}  // namespace layersmith
