#pragma once

#include <QStandardItemModel>
#include <QStyledItemDelegate>

namespace layersmith {

/// The layer types of the registry, as a tree of categories or as one flat list; drags kLayerTypeMime.
class LayerTypeModel final : public QStandardItemModel {
  Q_OBJECT

 public:
  enum class Form { Tree, List };
  enum Role { ClassNameRole = Qt::UserRole, FamilyRole, CountRole, SearchRole };

  explicit LayerTypeModel(Form form, QObject* parent = nullptr);

  QStringList mimeTypes() const override;
  QMimeData* mimeData(const QModelIndexList& indexes) const override;
  Qt::DropActions supportedDragActions() const override { return Qt::CopyAction; }

  static std::string className(const QModelIndex& index);  ///< empty for a category
};

/// A row of the palette: tile with glyph and name, or a category with its count.
class LayerTypeDelegate final : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace layersmith
