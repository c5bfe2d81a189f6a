#pragma once

#include <QWidget>

#include <vector>

namespace layersmith {

struct DocumentState;

/// Where the layers of a model stand in its picture, and who feeds whom. Made on any thread.
struct TopologySketch {
  struct Block {
    QString family;
    int rank = 0;  ///< from the inputs
    int lane = 0;  ///< side by side
  };
  std::vector<Block> blocks;
  std::vector<std::pair<int, int>> edges;  ///< of blocks

  static TopologySketch of(const DocumentState& state);
};

/// A model as a strip of blocks in their families' colours, inputs at the left, branches one above the other.
class TopologyPicture : public QWidget {
  Q_OBJECT

 public:
  explicit TopologyPicture(QWidget* parent = nullptr);

  void setSketch(TopologySketch sketch);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QRectF blockRect(const TopologySketch::Block& block) const;

  TopologySketch m_sketch;
  int m_ranks = 0;
  int m_lanes = 0;
};

}  // namespace layersmith
