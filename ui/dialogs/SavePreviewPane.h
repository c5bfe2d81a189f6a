#pragma once

#include "ui/dialogs/SaveRequest.h"

#include <QWidget>

class QPlainTextEdit;
class QPushButton;

namespace layersmith {

class Chip;
class TextLabel;

/// What a save is going to write or send, shown before it happens; made off the GUI thread.
struct SavePreview {
  QString text;  ///< line by line, secrets masked
  std::int64_t totalBytes = 0;
  std::int64_t freeBytes = -1;       ///< less than the total: it does not fit; negative: it does, or nobody can know
  bool isInCharacters = false;       ///< of local storage, not in bytes
  std::int64_t optimizerBytes = -1;  ///< what the options add; negative: nothing to add
  std::int64_t recipeBytes = -1;
  QString curl;  ///< HTTP only
  QString tfIo;  ///< HTTP only: the line for TensorFlow.js
};

/// The right side of the Save As dialog: the exact bytes.
class SavePreviewPane : public QWidget {
  Q_OBJECT

 public:
  explicit SavePreviewPane(QWidget* parent = nullptr);

  void setTarget(SaveTarget target);
  void setPreview(const SavePreview& preview);
  void setProblem(const QString& text);  ///< why there is nothing to show
  QString text() const;

 private:
  void copy(const QString& text);

  TextLabel* m_title = nullptr;
  TextLabel* m_note = nullptr;
  Chip* m_bytes = nullptr;
  QPlainTextEdit* m_text = nullptr;
  QPushButton* m_curl = nullptr;
  QPushButton* m_tfIo = nullptr;
  SavePreview m_preview;
};

}  // namespace layersmith
