#pragma once

#include "model/document/DocumentIo.h"
#include "ui/dialogs/Parts.h"
#include "ui/main/StoreWorker.h"

class QLineEdit;
class QProgressBar;

namespace layersmith {

class CatalogController;
class HeadersTable;
class MessageStrip;

/// Loads a model from a web address: a model.json, or a folder that holds one. Shows bytes as they come; Cancel leaves
/// nothing behind. Without a token or a header of its own the address gets the token that the catalog has for it.
class LinkDialog : public FooterDialog {
  Q_OBJECT

 public:
  LinkDialog(StoreWorker& transfers, CatalogController& catalog, QWidget* parent);
  ~LinkDialog() override;

 Q_SIGNALS:
  void loaded(const QString& url, const layersmith::OpenedDocument& document);

 private:
  void start(bool acceptsChanged = false);
  void load(const QString& url, const HttpOptions& access, bool acceptsChanged);
  void finish(const QString& url, Outcome<OpenedDocument> outcome);
  void showFailure(const QString& url, const Error& error);
  void showProgress();
  void setBusy(bool isBusy);
  void growToFit();

  StoreWorker& m_transfers;
  CatalogController& m_catalog;
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
