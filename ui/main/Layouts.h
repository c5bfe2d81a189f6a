#pragma once

#include <QMainWindow>
#include <QObject>

#include <functional>
#include <map>

class QDockWidget;
class QMenu;
class QStackedWidget;

namespace layersmith {

class DockHeader;
class Settings;

enum class DockId { Layers, Outline, Inspector, Problems, Data, Training, Evaluation, Catalog };
enum class LayoutKind { Design, Training, Evaluation, Catalog };

/// The docks of the window and the four arrangements of them. Each arrangement is remembered as the person left it.
/// The Evaluation dock lies beside the canvas, within `centre`, so that Training can span both.
class Layouts : public QObject {
  Q_OBJECT

 public:
  Layouts(QMainWindow& window, QMainWindow& centre, QStackedWidget& pages, Settings& settings);

  /// `tools` move into the dock's header row; may be null.
  void addDock(DockId id, const QString& name, const QString& title, QWidget* content, QWidget* tools = nullptr);
  void setTitle(DockId id, const QString& title);
  QDockWidget* dock(DockId id) const { return m_docks.at(id); }

  LayoutKind current() const { return m_current; }
  void apply(LayoutKind kind);
  void save();
  void restoreSizes();  ///< once, when the window is on the screen: sizes asked for before were shares of nothing
  void reset();         ///< forgets all remembered arrangements

  /// Shows a dock of the arrangement in force, in front of its neighbours, and gives it the focus.
  void reveal(DockId id);
  void focusNext(int direction);

 Q_SIGNALS:
  void applied(layersmith::LayoutKind kind);

 private:
  void keepOnly(const QList<QByteArray>& names);
  void arrange(LayoutKind kind);
  void settle();
  void arrangeDesign();
  void arrangeTraining();
  void arrangeEvaluation();
  QMainWindow& hostOf(DockId id) const;
  void place(DockId id, Qt::DockWidgetArea area);
  void updateHeaders();
  void fillMenu(QMenu& menu, DockId id);
  bool isTabbed(DockId id) const;

  QMainWindow& m_window;
  QMainWindow& m_centre;
  QStackedWidget& m_pages;
  Settings& m_settings;
  std::map<DockId, QDockWidget*> m_docks;
  std::map<DockId, DockHeader*> m_headers;
  std::map<DockId, QWidget*> m_nothing;  ///< title bars without height
  std::map<DockId, bool> m_hasTools;
  LayoutKind m_current = LayoutKind::Design;
  bool m_isApplied = false;
};

}  // namespace layersmith
