#pragma once

#include <QAction>
#include <QObject>
#include <QString>

#include <map>
#include <vector>

class QMenu;
class QMenuBar;

namespace layersmith {

/// Every command of the window. Its text, icon, shortcut, tip and menu are one row in Actions.cpp.
enum class ActionId {
  NewModel,
  NewWindow,
  Open,
  OpenFolder,
  OpenLink,
  Save,
  SaveAs,
  ShowCommand,
  ShowCode,
  BrowserBridge,
  CloseTab,
  Quit,
  Undo,
  Redo,
  Cut,
  Copy,
  Paste,
  Duplicate,
  Delete,
  SelectAll,
  Find,
  SearchActions,
  Preferences,
  InsertLayer,
  MoveUp,
  MoveDown,
  ToggleFrozen,
  ResetWeights,
  NextProblem,
  OpenTable,
  OpenImages,
  SampleTwoMoons,
  SampleXor,
  SampleSpirals,
  SampleCircles,
  SampleIris,
  SampleDigits,
  Train,
  Pause,
  Step,
  Stop,
  WatchSpeed,
  FullSpeed,
  BackToBest,
  TryModel,
  LayoutDesign,
  LayoutTraining,
  LayoutEvaluation,
  LayoutCatalog,
  ResetLayout,
  ShowLayers,
  ShowOutline,
  ShowInspector,
  ShowProblems,
  ShowData,
  ShowTraining,
  ShowEvaluation,
  ShowCatalog,
  ZoomIn,
  ZoomOut,
  ZoomFit,
  ArrangeCards,
  ShowCost,
  ShowWelcome,
  ThemeLight,
  ThemeDark,
  ThemeSystem,
  FullScreen,
  NextTab,
  PreviousTab,
  NextPanel,
  PreviousPanel,
  Help,
  Shortcuts,
  About
};

/// Owns the actions and knows the menus they stand in. What they do is connected by the window's controllers.
class Actions : public QObject {
  Q_OBJECT

 public:
  explicit Actions(QObject* parent = nullptr);

  QAction* operator[](ActionId id) const { return m_actions.at(id); }
  std::vector<QAction*> all() const;

  /// Fills the menu bar. The recent places and the open documents are menus that their owners fill.
  void fill(QMenuBar& bar);
  QMenu* recentMenu() const { return m_recentMenu; }
  QMenu* windowMenu() const { return m_windowMenu; }

  void setEnabled(std::initializer_list<ActionId> ids, bool isEnabled);

  /// "Undo (Ctrl+Z)": text without its mnemonic, with the shortcut, for tool tips.
  static QString tip(const QAction& action);

 private:
  void makeGroups();

  std::map<ActionId, QAction*> m_actions;
  QMenu* m_recentMenu = nullptr;
  QMenu* m_windowMenu = nullptr;
};

}  // namespace layersmith
