#pragma once

#include <QWidget>

namespace layersmith {

/// A short fact in a pill, 20 high: "320 train", "0". Takes no focus; where it can be clicked, use a button.
class Chip : public QWidget {
  Q_OBJECT

 public:
  enum class Tone { Neutral, Info, Success, Warning, Danger };

  explicit Chip(const QString& text = {}, Tone tone = Tone::Neutral, QWidget* parent = nullptr);

  QString text() const { return m_text; }
  void setText(const QString& text);
  void setTone(Tone tone);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString m_text;
  Tone m_tone;
};

}  // namespace layersmith
