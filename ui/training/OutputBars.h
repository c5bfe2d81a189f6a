#pragma once

#include <QStringList>
#include <QWidget>

#include <vector>

namespace layersmith {

/// What a model says of one sample: a bar and a percentage for each class, or the value itself for a regression. The
/// true class, where known, is marked; with many classes the likeliest come first.
class OutputBars : public QWidget {
  Q_OBJECT

 public:
  explicit OutputBars(QWidget* parent = nullptr);

  void clear();
  /// `outputs` as the model gave them: one sigmoid unit stands for two classes. No names: plain values, the
  /// only one called `valueName`.
  void setOutputs(const std::vector<float>& outputs, const QStringList& classNames, int trueClass = -1,
                  const QString& valueName = {});
  int predictedClass() const { return m_predicted; }  ///< -1: none
  QString summary() const;                            ///< "4, 97.3 %"

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {160, sizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  struct Bar {
    QString name;
    double value;
    int classIndex;
  };

  std::vector<Bar> m_bars;
  bool m_isClassification = false;
  int m_predicted = -1;
  int m_true = -1;
};

}  // namespace layersmith
