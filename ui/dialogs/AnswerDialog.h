#pragma once

#include "model/storage/ModelStore.h"
#include "ui/dialogs/Parts.h"

namespace layersmith {

/// What a server said to an upload: status, headers and the beginning of the body.
class AnswerDialog : public FooterDialog {
  Q_OBJECT

 public:
  AnswerDialog(const SaveResult& result, qint64 elapsedMs, QWidget* parent);
};

/// "200 in 0.4 s"
QString answerSummary(const SaveResult& result, qint64 elapsedMs);

}  // namespace layersmith
