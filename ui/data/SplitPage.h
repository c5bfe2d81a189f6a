#pragma once

#include "model/data/Dataset.h"

#include <QWidget>

#include <memory>

class QCheckBox;
class QDoubleSpinBox;
class QSpinBox;

namespace layersmith {

class FormRows;
class TextLabel;

/// How the rows are parted for validation, and, for a made sample, how it is made.
class SplitPage : public QWidget {
  Q_OBJECT

 public:
  explicit SplitPage(QWidget* parent = nullptr);

  void setDataset(std::shared_ptr<const Dataset> dataset);

 Q_SIGNALS:
  void recipeEdited(const layersmith::DataRecipe& recipe, const QString& text);
  void sampleEdited(const QString& generator, int samples, double noise, quint64 seed);

 private:
  void emitSplit(const QString& text);
  void emitSample();

  std::shared_ptr<const Dataset> m_dataset;
  QSpinBox* m_percent;
  QSpinBox* m_seed;
  QCheckBox* m_stratified;
  TextLabel* m_summary;
  FormRows* m_sample;
  QSpinBox* m_samples;
  QDoubleSpinBox* m_noise;
  QSpinBox* m_sampleSeed;
};

}  // namespace layersmith
