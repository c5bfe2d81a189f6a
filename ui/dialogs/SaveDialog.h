#pragma once

#include "ui/dialogs/SavePreviewPane.h"
#include "ui/dialogs/SaveRequest.h"
#include "ui/main/StoreWorker.h"

#include <QDialog>
#include <QTimer>

class QListWidget;
class QVBoxLayout;

namespace layersmith {

class ComputeThread;
class DocumentContext;
class MessageStrip;
class SaveForm;

/// Save As: targets at the left, the form in the middle, at the right exactly what will be written. Asks before
/// anything is replaced, with the sizes and dates of both. Does not save: it gives a SaveRequest.
class SaveDialog : public QDialog {
  Q_OBJECT

 public:
  SaveDialog(DocumentContext& context, StoreWorker& stores, const QString& folder, QWidget* parent);

  void setTarget(SaveTarget target, const QString& plugin = {});
  /// A place of the catalog: where the model goes unless somebody chooses another. Empty: none.
  void setPlace(const QString& place);
  /// As it was asked for once, ready to be sent elsewhere.
  void setRequest(const SaveRequest& request);
  SaveForm& form() { return *m_form; }
  SavePreviewPane& previewPane() { return *m_preview; }

 Q_SIGNALS:
  void accepted(const layersmith::SaveRequest& request);
  void previewReady();
  void receiverRequested();  ///< somebody must call form().setReceiver()

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  struct Replacing {
    std::optional<ModelEntry> old;  ///< what is at the place
    std::int64_t newBytes = 0;      ///< of what would replace it
  };

  void makeTargets(QVBoxLayout& column);
  QWidget* makeFooter();
  void showUsage();
  void refreshPreview();
  void measurePrecision();
  void showPreview(const Outcome<SavePreview>& outcome);
  void tellItDoesNotFit(const SavePreview& preview);
  void save();
  void askToReplace(const SaveRequest& request, const Replacing& replacing);
  void keepBoth(const SaveRequest& request);
  void tellProblem(const Error& error);
  void finish(SaveRequest request, bool overwrite);

  DocumentState m_state;
  ComputeThread& m_compute;
  StoreWorker& m_stores;
  QListWidget* m_targets = nullptr;
  SaveForm* m_form = nullptr;
  SavePreviewPane* m_preview = nullptr;
  MessageStrip* m_strip = nullptr;
  QPushButton* m_save = nullptr;
  bool m_isAsking = false;  ///< the store, what is at the place
  QTimer m_previewTimer;
  int m_previewSerial = 0;
  int m_precisionSerial = 0;
};

}  // namespace layersmith
