#pragma once

#include <QWidget>

class QVBoxLayout;

namespace layersmith {

class TextLabel;
class TopologyPicture;
struct ModelContents;

/// The layers of a saved model: how many, their picture, a line for each. While they are not read it tells no number
/// but what the list of models knows.
class CatalogDetailsLayers : public QWidget {
  Q_OBJECT

 public:
  explicit CatalogDetailsLayers(QWidget* parent = nullptr);

  void clear(int layers, std::int64_t parameters);  ///< as listed; no layers: not known
  void setContents(const ModelContents& contents);
  void setReading(bool isReading);
  void setDimmed(bool isDimmed);  ///< what is shown was read before, and cannot be read now

 private:
  void setCounts(int layers, std::int64_t parameters);
  void clearLines();

  TextLabel* m_note = nullptr;
  TextLabel* m_reading = nullptr;
  QWidget* m_body = nullptr;
  TopologyPicture* m_topology = nullptr;
  QVBoxLayout* m_lines = nullptr;
};

}  // namespace layersmith
