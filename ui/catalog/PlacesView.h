#pragma once

#include <QListWidget>

namespace layersmith {

/// The rows of PlacesList: a place, its count, how full it is or why it is not reachable, and words to press. Models
/// are dropped on it; the row under them says whether they would be moved or copied.
class PlacesView : public QListWidget {
  Q_OBJECT

 public:
  /// Words: a list of "key\ntext", pressed words give actionRequested(place, key).
  enum Role { PlaceRole = Qt::UserRole, CountRole, HeadingRole, UsedRole, QuotaRole, NoteRole, WordsRole, DropRole };

  explicit PlacesView(QWidget* parent = nullptr);

  /// Where the word stands, in the viewport; for tests and the mouse.
  QRect wordRect(const QModelIndex& index, const QString& key) const;

 Q_SIGNALS:
  void actionRequested(const QString& place, const QString& key);
  void modelsDropped(const QStringList& urls, const QString& place, bool isMove);
  void menuRequested(const QString& place, const QPoint& globalPosition);

 protected:
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragMoveEvent(QDragMoveEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  struct Drop;
  Drop dropAt(const QDropEvent& event) const;
  void showHint(const QListWidgetItem* item, const QString& text);
  QString wordAt(const QPoint& position) const;
};

}  // namespace layersmith
