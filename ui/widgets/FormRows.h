#pragma once

#include <QWidget>

class QGridLayout;
class QLabel;

namespace layersmith {

class TextLabel;

/// A form: label column of 104 (wider when a word needs it, up to 160), fields 28 high, pitch 36, help under a field.
class FormRows : public QWidget {
  Q_OBJECT

 public:
  explicit FormRows(QWidget* parent = nullptr);

  /// The label gets the field as its buddy; returns the label. `helpText` may be empty.
  TextLabel* addRow(const QString& label, QWidget* field, const QString& helpText = {});
  /// A row that spans both columns.
  void addWide(QWidget* widget);
  /// The line under the row of `field`, made on first use; empty text hides it. Rich text. Null while there never was
  /// one.
  QLabel* setHelp(QWidget* field, const QString& text, const char* token = "text2");
  void clear();
  int rowCount() const { return m_rows; }

 private:
  int rowOf(const QWidget* field) const;
  void spaceRows();

  QGridLayout* m_grid;
  int m_rows = 0;
};

/// A heading that folds what is under it: chevron, 13/600 name, a short summary at the right.
class FoldSection : public QWidget {
  Q_OBJECT

 public:
  explicit FoldSection(const QString& title, QWidget* content, QWidget* parent = nullptr);

  bool isOpen() const;
  void setOpen(bool isOpen);
  void setSummary(const QString& text);

 Q_SIGNALS:
  void toggled(bool isOpen);

 private:
  class Heading;
  Heading* m_heading;
  QWidget* m_content;
};

}  // namespace layersmith
