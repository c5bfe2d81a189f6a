#pragma once

#include <QString>
#include <QWidget>

#include <vector>

namespace layersmith {

/// One number a person watches, with its name above.
struct Readout {
  QString name;   ///< "Epoch"
  QString value;  ///< "37"
  QString unit;   ///< "/ 100", "%": smaller, may be empty
  bool isFault = false;
};

/// A row of readouts, painted at once so that ticking figures move nothing. Shows as many as fit, from the left.
class ReadoutRow : public QWidget {
  Q_OBJECT

 public:
  using QWidget::QWidget;

  void setReadouts(std::vector<Readout> readouts);
  const std::vector<Readout>& readouts() const { return m_readouts; }

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  std::vector<Readout> m_readouts;
};

}  // namespace layersmith
