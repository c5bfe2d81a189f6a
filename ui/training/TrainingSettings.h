#pragma once

#include "model/training/Trainer.h"

#include <QDoubleSpinBox>
#include <QFrame>
#include <QPointer>
#include <QWidget>

#include <functional>
#include <vector>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QSpinBox;
class QToolButton;

namespace layersmith {

class DocumentContext;

/// A number over many decades: shown short ("0.03", "1e-06"), stepped by its own size.
class RateBox : public QDoubleSpinBox {
  Q_OBJECT

 public:
  explicit RateBox(QWidget* parent = nullptr);
  QString textFromValue(double value) const override;
};

/// What a training setting does to the two values that hold them.
using SettingChange = std::function<void(TrainingConfig&, FitOptions&)>;

/// The rarer settings, made from the optimizer's schema and the lists of losses and metrics: a popup under its button.
class TrainingPopover : public QFrame {
  Q_OBJECT

 public:
  explicit TrainingPopover(QWidget* parent = nullptr);

  void setContext(DocumentContext* context);
  void refresh();

 private:
  void change(const QString& text, const char* key, const SettingChange& change);
  void rebuildOptimizerRows(const std::string& optimizer);
  QWidget* makeEditor(const std::string& key);

  QPointer<DocumentContext> m_context;
  QFormLayout* m_form;
  QComboBox* m_loss;
  std::vector<QCheckBox*> m_metrics;
  QCheckBox* m_shuffle;
  QSpinBox* m_seed;
  std::string m_shownOptimizer;
  std::vector<std::function<void(const TrainingConfig&)>> m_readers;
};

/// Epochs, batch, optimizer and rate in one row, with a button for the rest. Every edit is one undo step; typing and
/// stepping in one field merge.
class TrainingSettings : public QWidget {
  Q_OBJECT

 public:
  explicit TrainingSettings(QWidget* parent = nullptr);

  void setContext(DocumentContext* context);

  QSize minimumSizeHint() const override;

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void change(const QString& text, const char* key, const SettingChange& change);
  void refresh();
  void showValues(const TrainingConfig& config, const FitOptions& fit);
  void addField(const QString& label, QWidget* field, const QString& name);

  QPointer<DocumentContext> m_context;
  std::vector<QLabel*> m_labels;
  QSpinBox* m_epochs;
  QSpinBox* m_batch;
  QComboBox* m_optimizer;
  RateBox* m_rate;
  QToolButton* m_more;
  TrainingPopover* m_popover;
};

/// Applies one change of the training settings as an undo step.
void changeTraining(DocumentContext* context, const QString& text, const char* key, const SettingChange& change);

}  // namespace layersmith
