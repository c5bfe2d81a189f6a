#pragma once

#include <QList>
#include <QString>
#include <QWidget>

#include <utility>

class QTableWidget;

namespace layersmith {

/// Names and values of request headers, with a button that adds a row.
class HeadersTable : public QWidget {
  Q_OBJECT

 public:
  /// `owner` starts the object names of the parts: "saveDialog" -> "saveDialog.headers".
  explicit HeadersTable(const QString& owner, QWidget* parent = nullptr);

  QList<std::pair<QString, QString>> headers() const;  ///< rows without a name are left out
  void addHeader(const QString& name, const QString& value);

 Q_SIGNALS:
  void changed();

 private:
  void fitHeight();

  QString m_owner;
  QTableWidget* m_table = nullptr;
};

}  // namespace layersmith
