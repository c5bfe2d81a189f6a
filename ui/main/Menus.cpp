// The order of the menus: one list for each.
#include "ui/main/Actions.h"

#include <QMenu>
#include <QMenuBar>

namespace layersmith {

namespace {

QMenu* addMenu(QMenuBar& bar, const char* name, const QString& title) {
  QMenu* menu = bar.addMenu(title);
  menu->setObjectName(QStringLiteral("menu.") + QString::fromLatin1(name));
  return menu;
}

QMenu* addMenu(QMenu& parent, const char* name, const QString& title) {
  QMenu* menu = parent.addMenu(title);
  menu->setObjectName(QStringLiteral("menu.") + QString::fromLatin1(name));
  return menu;
}

/// Groups of actions with a line between them.
void addGroups(QMenu& menu, const Actions& actions, std::initializer_list<std::initializer_list<ActionId>> groups) {
  for (const auto& group : groups) {
    if (!menu.isEmpty()) menu.addSeparator();
    for (ActionId id : group) menu.addAction(actions[id]);
  }
}

void fillView(QMenu& view, const Actions& actions) {
  QMenu* layouts = addMenu(view, "layout", QObject::tr("&Layout"));
  addGroups(*layouts, actions,
            {{ActionId::LayoutDesign, ActionId::LayoutTraining, ActionId::LayoutEvaluation, ActionId::LayoutCatalog},
             {ActionId::ResetLayout}});
  QMenu* panels = addMenu(view, "panels", QObject::tr("&Panels"));
  addGroups(*panels, actions,
            {{ActionId::ShowLayers, ActionId::ShowOutline, ActionId::ShowInspector, ActionId::ShowProblems,
              ActionId::ShowData, ActionId::ShowTraining, ActionId::ShowEvaluation, ActionId::ShowCatalog}});
  QMenu* themes = addMenu(view, "theme", QObject::tr("&Theme"));
  addGroups(*themes, actions, {{ActionId::ThemeSystem, ActionId::ThemeLight, ActionId::ThemeDark}});
  addGroups(view, actions,
            {{ActionId::ZoomIn, ActionId::ZoomOut, ActionId::ZoomFit, ActionId::ArrangeCards},
             {ActionId::ShowCost},
             {ActionId::ShowWelcome, ActionId::FullScreen}});
}

}  // namespace

void Actions::fill(QMenuBar& bar) {
  const Actions& self = *this;
  QMenu* file = addMenu(bar, "file", tr("&File"));
  addGroups(*file, self, {{ActionId::NewModel, ActionId::Open, ActionId::OpenFolder, ActionId::OpenLink}});
  m_recentMenu = addMenu(*file, "recent", tr("Open &Recent"));
  addGroups(*file, self,
            {{ActionId::Save, ActionId::SaveAs},
             {ActionId::ShowCommand, ActionId::ShowCode},
             {ActionId::CloseTab, ActionId::Quit}});

  QMenu* edit = addMenu(bar, "edit", tr("&Edit"));
  addGroups(
      *edit, self,
      {{ActionId::Undo, ActionId::Redo},
       {ActionId::Cut, ActionId::Copy, ActionId::Paste, ActionId::Duplicate, ActionId::Delete, ActionId::SelectAll},
       {ActionId::Find, ActionId::SearchActions},
       {ActionId::Preferences}});

  QMenu* model = addMenu(bar, "model", tr("&Model"));
  addGroups(*model, self,
            {{ActionId::InsertLayer, ActionId::MoveUp, ActionId::MoveDown},
             {ActionId::ToggleFrozen, ActionId::ResetWeights},
             {ActionId::NextProblem}});

  QMenu* data = addMenu(bar, "data", tr("&Data"));
  addGroups(*data, self, {{ActionId::OpenTable, ActionId::OpenImages}});
  data->addSeparator();
  QMenu* samples = addMenu(*data, "samples", tr("&Sample Data"));
  addGroups(*samples, self,
            {{ActionId::SampleTwoMoons, ActionId::SampleXor, ActionId::SampleSpirals, ActionId::SampleCircles},
             {ActionId::SampleIris, ActionId::SampleDigits}});

  QMenu* train = addMenu(bar, "train", tr("&Train"));
  addGroups(*train, self,
            {{ActionId::Train, ActionId::Pause, ActionId::Step, ActionId::Stop},
             {ActionId::WatchSpeed, ActionId::FullSpeed},
             {ActionId::BackToBest, ActionId::TryModel}});

  QMenu* tools = addMenu(bar, "tools", tr("T&ools"));
  addGroups(*tools, self, {{ActionId::BrowserBridge}});

  fillView(*addMenu(bar, "view", tr("&View")), self);

  m_windowMenu = addMenu(bar, "window", tr("&Window"));
  addGroups(*m_windowMenu, self,
            {{ActionId::NewWindow},
             {ActionId::NextTab, ActionId::PreviousTab},
             {ActionId::NextPanel, ActionId::PreviousPanel}});

  QMenu* help = addMenu(bar, "help", tr("&Help"));
  addGroups(*help, self, {{ActionId::Help, ActionId::Shortcuts}, {ActionId::About}});
}

}  // namespace layersmith
