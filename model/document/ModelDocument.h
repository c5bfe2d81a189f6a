#pragma once

#include "model/document/DocumentState.h"
#include "model/nn/GraphAnalysis.h"

#include <QObject>
#include <QString>

#include <cstdint>

namespace layersmith {

/// What a change touched, so that views refresh only that.
struct DocumentChange {
  bool structure = false;  ///< layers or edges came, went or moved in the chain
  bool layers = false;     ///< fields, names or shapes of layers
  bool positions = false;
  bool training = false;  ///< optimizer, loss, epochs, ...
  bool data = false;      ///< dataset or recipe
  bool weights = false;   ///< weights, optimizer state or run
};

/// The editable model of one tab. Changes only through setState (an undo command of ui/commands does it) and tells by
/// one signal what changed. Holds no undo stack and no widgets.
/// Thread rule: GUI thread; jobs take a copy of state().
class ModelDocument : public QObject {
  Q_OBJECT

 public:
  explicit ModelDocument(DocumentState state = {}, QObject* parent = nullptr);

  const DocumentState& state() const { return m_state; }
  const GraphReport& report() const { return m_report; }  ///< of the current graph, data issues included
  void setState(DocumentState state);
  /// Grows with every setState: equal numbers mean equal contents, which equal places in an undo stack do not.
  std::int64_t revision() const { return m_revision; }

  QString name() const { return m_name; }  ///< shown in tab and title: "two-moons"
  void setName(const QString& name);
  QString url() const { return m_url; }  ///< where it was opened from or saved to; empty: not saved yet
  void setUrl(const QString& url);

 Q_SIGNALS:
  void changed(const layersmith::DocumentChange& change);
  void nameChanged();
  void urlChanged();

 private:
  void analyseNow();

  DocumentState m_state;
  std::int64_t m_revision = 0;
  GraphReport m_report;
  QString m_name;
  QString m_url;
};

}  // namespace layersmith
