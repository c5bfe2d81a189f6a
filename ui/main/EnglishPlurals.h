#pragma once

#include <QTranslator>

namespace layersmith {

/// Turns "%n layer(s)" into "1 layer" and "8 layers" where no translation of another language does.
class EnglishPlurals : public QTranslator {
  Q_OBJECT

 public:
  using QTranslator::QTranslator;

  QString translate(const char* context, const char* sourceText, const char* disambiguation, int n) const override;
  bool isEmpty() const override { return false; }
};

}  // namespace layersmith
