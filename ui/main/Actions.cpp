#include "ui/main/Actions.h"

#include "ui/theme/Icons.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>
#include <QMenuBar>

namespace layersmith {

namespace {

using Standard = QKeySequence::StandardKey;
constexpr auto kNone = QKeySequence::UnknownKey;

struct ActionRow {
  ActionId id;
  const char* name;  ///< objectName, and what settings and tests call it
  const char* text;
  const char* iconName;  ///< empty: no icon
  Standard standard;     ///< where the platform has a key of its own
  const char* keys;      ///< else this
  const char* help;      ///< status tip, one sentence
};

const ActionRow kRows[] = {
    {ActionId::NewModel, "new", QT_TRANSLATE_NOOP("Actions", "&New Model..."), "new", Standard::New, "Ctrl+N",
     QT_TRANSLATE_NOOP("Actions", "Start from a template or an empty model")},
    {ActionId::NewWindow, "newWindow", QT_TRANSLATE_NOOP("Actions", "New &Window"), "", kNone, "Ctrl+Shift+N",
     QT_TRANSLATE_NOOP("Actions", "Open one more window of the program")},
    {ActionId::Open, "open", QT_TRANSLATE_NOOP("Actions", "&Open..."), "open", Standard::Open, "Ctrl+O",
     QT_TRANSLATE_NOOP("Actions", "Open a model.json or a saved pair of files")},
    {ActionId::OpenFolder, "openFolder", QT_TRANSLATE_NOOP("Actions", "Open &Folder..."), "folder", kNone,
     "Ctrl+Shift+O", QT_TRANSLATE_NOOP("Actions", "Open the model in a folder")},
    {ActionId::OpenLink, "openLink", QT_TRANSLATE_NOOP("Actions", "Open from &Link..."), "open-link", kNone, "Ctrl+L",
     QT_TRANSLATE_NOOP("Actions", "Load a model from a web address")},
    {ActionId::Save, "save", QT_TRANSLATE_NOOP("Actions", "&Save"), "save", Standard::Save, "Ctrl+S",
     QT_TRANSLATE_NOOP("Actions", "Save the model where it is kept")},
    {ActionId::SaveAs, "saveAs", QT_TRANSLATE_NOOP("Actions", "Save &As..."), "save-as", Standard::SaveAs,
     "Ctrl+Shift+S", QT_TRANSLATE_NOOP("Actions", "Save to a folder, browser storage or a server")},
    {ActionId::ShowCommand, "showCommand", QT_TRANSLATE_NOOP("Actions", "Show as Co&mmand..."), "terminal", kNone,
     "Ctrl+Alt+C", QT_TRANSLATE_NOOP("Actions", "The command line that does the same")},
    {ActionId::ShowCode, "showCode", QT_TRANSLATE_NOOP("Actions", "Show as &TensorFlow.js Code..."), "browser", kNone,
     "Ctrl+Alt+J", QT_TRANSLATE_NOOP("Actions", "A small web page that runs this model")},
    {ActionId::BrowserBridge, "browserBridge", QT_TRANSLATE_NOOP("Actions", "Browser &Bridge..."), "bridge", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "Let pages of this computer's browsers send their models here")},
    {ActionId::CloseTab, "closeTab", QT_TRANSLATE_NOOP("Actions", "&Close Model"), "close", kNone, "Ctrl+W",
     QT_TRANSLATE_NOOP("Actions", "Close the model in front")},
    {ActionId::Quit, "quit", QT_TRANSLATE_NOOP("Actions", "&Quit"), "", kNone, "Ctrl+Q",
     QT_TRANSLATE_NOOP("Actions", "Close the window")},

    {ActionId::Undo, "undo", QT_TRANSLATE_NOOP("Actions", "&Undo"), "undo", Standard::Undo, "Ctrl+Z",
     QT_TRANSLATE_NOOP("Actions", "Take the last change back")},
    {ActionId::Redo, "redo", QT_TRANSLATE_NOOP("Actions", "&Redo"), "redo", Standard::Redo, "Ctrl+Shift+Z",
     QT_TRANSLATE_NOOP("Actions", "Do the change again that was taken back")},
    {ActionId::Cut, "cut", QT_TRANSLATE_NOOP("Actions", "Cu&t"), "cut", Standard::Cut, "Ctrl+X",
     QT_TRANSLATE_NOOP("Actions", "Cut the selected layers")},
    {ActionId::Copy, "copy", QT_TRANSLATE_NOOP("Actions", "&Copy"), "copy", Standard::Copy, "Ctrl+C",
     QT_TRANSLATE_NOOP("Actions", "Copy the selected layers")},
    {ActionId::Paste, "paste", QT_TRANSLATE_NOOP("Actions", "&Paste"), "paste", Standard::Paste, "Ctrl+V",
     QT_TRANSLATE_NOOP("Actions", "Insert the copied layers after the selected one")},
    {ActionId::Duplicate, "duplicate", QT_TRANSLATE_NOOP("Actions", "D&uplicate"), "duplicate", kNone, "Ctrl+D",
     QT_TRANSLATE_NOOP("Actions", "Insert a copy of the selected layers after them")},
    {ActionId::Delete, "delete", QT_TRANSLATE_NOOP("Actions", "&Delete"), "delete", Standard::Delete, "Del",
     QT_TRANSLATE_NOOP("Actions", "Delete the selected layers")},
    {ActionId::SelectAll, "selectAll", QT_TRANSLATE_NOOP("Actions", "Select &All"), "", Standard::SelectAll, "Ctrl+A",
     QT_TRANSLATE_NOOP("Actions", "Select every layer")},
    {ActionId::Find, "find", QT_TRANSLATE_NOOP("Actions", "&Find Layer..."), "search", Standard::Find, "Ctrl+F",
     QT_TRANSLATE_NOOP("Actions", "Filter the palette of layers")},
    {ActionId::SearchActions, "searchActions", QT_TRANSLATE_NOOP("Actions", "Search Act&ions..."), "command", kNone,
     "Ctrl+K", QT_TRANSLATE_NOOP("Actions", "Find any command by its name")},
    {ActionId::Preferences, "preferences", QT_TRANSLATE_NOOP("Actions", "Pr&eferences..."), "settings", kNone, "Ctrl+,",
     QT_TRANSLATE_NOOP("Actions", "Theme, font, folders, threads")},

    {ActionId::InsertLayer, "insertLayer", QT_TRANSLATE_NOOP("Actions", "&Insert Layer..."), "add", kNone, "Ctrl+I",
     QT_TRANSLATE_NOOP("Actions", "Search a layer and insert it after the selected one")},
    {ActionId::MoveUp, "moveUp", QT_TRANSLATE_NOOP("Actions", "Move Layer &Up"), "chevron-up", kNone, "Alt+Up",
     QT_TRANSLATE_NOOP("Actions", "Move the selected layer one place towards the input")},
    {ActionId::MoveDown, "moveDown", QT_TRANSLATE_NOOP("Actions", "Move Layer &Down"), "chevron-down", kNone,
     "Alt+Down", QT_TRANSLATE_NOOP("Actions", "Move the selected layer one place towards the output")},
    {ActionId::ToggleFrozen, "toggleFrozen", QT_TRANSLATE_NOOP("Actions", "&Freeze or Unfreeze"), "freeze", kNone,
     "Ctrl+Shift+F",
     QT_TRANSLATE_NOOP("Actions", "Keep the weights of the selected layers during training, or let them learn again")},
    {ActionId::ResetWeights, "resetWeights", QT_TRANSLATE_NOOP("Actions", "Start with &Random Weights"), "shuffle",
     kNone, "", QT_TRANSLATE_NOOP("Actions", "Forget what was learned; the next training starts afresh")},
    {ActionId::NextProblem, "nextProblem", QT_TRANSLATE_NOOP("Actions", "Go to First &Problem"), "warning", kNone, "F4",
     QT_TRANSLATE_NOOP("Actions", "Select the layer with the first problem")},

    {ActionId::OpenTable, "openTable", QT_TRANSLATE_NOOP("Actions", "Open &Table..."), "table", kNone, "Ctrl+T",
     QT_TRANSLATE_NOOP("Actions", "Read a CSV file")},
    {ActionId::OpenImages, "openImages", QT_TRANSLATE_NOOP("Actions", "Open &Images..."), "image", kNone,
     "Ctrl+Shift+T", QT_TRANSLATE_NOOP("Actions", "Read a pair of IDX files, as MNIST ships them")},
    {ActionId::SampleTwoMoons, "sampleTwoMoons", QT_TRANSLATE_NOOP("Actions", "Two &Moons"), "sample", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "400 points in two half circles")},
    {ActionId::SampleXor, "sampleXor", QT_TRANSLATE_NOOP("Actions", "&XOR"), "sample", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "Four clouds, opposite ones alike")},
    {ActionId::SampleSpirals, "sampleSpirals", QT_TRANSLATE_NOOP("Actions", "&Spirals"), "sample", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "Two spirals, one in the other")},
    {ActionId::SampleCircles, "sampleCircles", QT_TRANSLATE_NOOP("Actions", "&Circles"), "sample", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "A ring around a disc")},
    {ActionId::SampleIris, "sampleIris", QT_TRANSLATE_NOOP("Actions", "&Iris"), "table", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "150 flowers of three kinds, four measures each")},
    {ActionId::SampleDigits, "sampleDigits", QT_TRANSLATE_NOOP("Actions", "&Digits"), "image", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "Small images of the ten digits")},

    {ActionId::Train, "train", QT_TRANSLATE_NOOP("Actions", "&Train"), "train", kNone, "F5",
     QT_TRANSLATE_NOOP("Actions", "Start the training, or go on with it")},
    {ActionId::Pause, "pause", QT_TRANSLATE_NOOP("Actions", "&Pause"), "pause", kNone, "F8",
     QT_TRANSLATE_NOOP("Actions", "Pause the training")},
    {ActionId::Step, "step", QT_TRANSLATE_NOOP("Actions", "&Step One Batch"), "step", kNone, "F7",
     QT_TRANSLATE_NOOP("Actions", "Train one batch, then pause")},
    {ActionId::Stop, "stop", QT_TRANSLATE_NOOP("Actions", "S&top"), "stop", kNone, "Shift+F5",
     QT_TRANSLATE_NOOP("Actions", "Stop the training and keep what was learned")},
    {ActionId::WatchSpeed, "watchSpeed", QT_TRANSLATE_NOOP("Actions", "&Watch: 20 Epochs a Second"), "", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "Slow enough for eyes to follow")},
    {ActionId::FullSpeed, "fullSpeed", QT_TRANSLATE_NOOP("Actions", "&Full Speed"), "", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "As fast as this computer can")},
    {ActionId::BackToBest, "backToBest", QT_TRANSLATE_NOOP("Actions", "&Back to Best Epoch"), "back-to-best", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "Take the weights of the best validation epoch")},
    {ActionId::TryModel, "tryModel", QT_TRANSLATE_NOOP("Actions", "Try the &Model"), "boundary", kNone, "Ctrl+R",
     QT_TRANSLATE_NOOP("Actions", "Let the model answer for one row, point or drawing")},

    {ActionId::LayoutDesign, "layoutDesign", QT_TRANSLATE_NOOP("Actions", "&Design"), "layout", kNone, "Ctrl+Alt+1",
     QT_TRANSLATE_NOOP("Actions", "Panels for building a model")},
    {ActionId::LayoutTraining, "layoutTraining", QT_TRANSLATE_NOOP("Actions", "&Training"), "layout", kNone,
     "Ctrl+Alt+2", QT_TRANSLATE_NOOP("Actions", "Panels for watching a training")},
    {ActionId::LayoutEvaluation, "layoutEvaluation", QT_TRANSLATE_NOOP("Actions", "&Evaluation"), "layout", kNone,
     "Ctrl+Alt+3", QT_TRANSLATE_NOOP("Actions", "Panels for judging a model")},
    {ActionId::LayoutCatalog, "layoutCatalog", QT_TRANSLATE_NOOP("Actions", "&Catalog"), "layout", kNone, "Ctrl+Alt+4",
     QT_TRANSLATE_NOOP("Actions", "All saved models")},
    {ActionId::ResetLayout, "resetLayout", QT_TRANSLATE_NOOP("Actions", "&Reset Layout"), "", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "Put every panel back where it was at first")},

    {ActionId::ShowLayers, "showLayers", QT_TRANSLATE_NOOP("Actions", "&Layers"), "", kNone, "Ctrl+1",
     QT_TRANSLATE_NOOP("Actions", "The palette of layers")},
    {ActionId::ShowOutline, "showOutline", QT_TRANSLATE_NOOP("Actions", "&Outline"), "outline", kNone, "Ctrl+2",
     QT_TRANSLATE_NOOP("Actions", "The model as a list")},
    {ActionId::ShowInspector, "showInspector", QT_TRANSLATE_NOOP("Actions", "&Inspector"), "", kNone, "Ctrl+3",
     QT_TRANSLATE_NOOP("Actions", "Settings of the selected layer")},
    {ActionId::ShowProblems, "showProblems", QT_TRANSLATE_NOOP("Actions", "&Problems"), "", kNone, "Ctrl+4",
     QT_TRANSLATE_NOOP("Actions", "What keeps the model from running")},
    {ActionId::ShowData, "showData", QT_TRANSLATE_NOOP("Actions", "&Data"), "", kNone, "Ctrl+5",
     QT_TRANSLATE_NOOP("Actions", "The data the model learns from")},
    {ActionId::ShowTraining, "showTraining", QT_TRANSLATE_NOOP("Actions", "T&raining"), "", kNone, "Ctrl+6",
     QT_TRANSLATE_NOOP("Actions", "Loss and metrics")},
    {ActionId::ShowEvaluation, "showEvaluation", QT_TRANSLATE_NOOP("Actions", "&Evaluation"), "", kNone, "Ctrl+7",
     QT_TRANSLATE_NOOP("Actions", "Boundary, confusion and predictions")},
    {ActionId::ShowCatalog, "showCatalog", QT_TRANSLATE_NOOP("Actions", "&Catalog"), "", kNone, "Ctrl+8",
     QT_TRANSLATE_NOOP("Actions", "Saved models")},

    {ActionId::ZoomIn, "zoomIn", QT_TRANSLATE_NOOP("Actions", "Zoom &In"), "zoom-in", Standard::ZoomIn, "Ctrl++",
     QT_TRANSLATE_NOOP("Actions", "Larger cards")},
    {ActionId::ZoomOut, "zoomOut", QT_TRANSLATE_NOOP("Actions", "Zoom O&ut"), "zoom-out", Standard::ZoomOut, "Ctrl+-",
     QT_TRANSLATE_NOOP("Actions", "Smaller cards")},
    {ActionId::ZoomFit, "zoomFit", QT_TRANSLATE_NOOP("Actions", "&Fit Model in Window"), "fit", kNone, "Ctrl+0",
     QT_TRANSLATE_NOOP("Actions", "Show the whole model")},
    {ActionId::ArrangeCards, "arrangeCards", QT_TRANSLATE_NOOP("Actions", "&Arrange Cards"), "auto-layout", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "Lay all cards out automatically")},
    {ActionId::ShowCost, "showCost", QT_TRANSLATE_NOOP("Actions", "Show &Cost"), "", kNone, "F9",
     QT_TRANSLATE_NOOP("Actions", "On each card, the time of its layer in a training step")},
    {ActionId::ShowWelcome, "showWelcome", QT_TRANSLATE_NOOP("Actions", "&Welcome"), "", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "Show the welcome panel again")},
    {ActionId::ThemeLight, "themeLight", QT_TRANSLATE_NOOP("Actions", "&Light"), "", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "Dark text on light panels")},
    {ActionId::ThemeDark, "themeDark", QT_TRANSLATE_NOOP("Actions", "&Dark"), "", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "Light text on dark panels")},
    {ActionId::ThemeSystem, "themeSystem", QT_TRANSLATE_NOOP("Actions", "As the &System"), "", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "Follow the system's setting")},
    {ActionId::FullScreen, "fullScreen", QT_TRANSLATE_NOOP("Actions", "F&ull Screen"), "maximize", kNone, "F11",
     QT_TRANSLATE_NOOP("Actions", "Fill the whole screen")},

    {ActionId::NextTab, "nextTab", QT_TRANSLATE_NOOP("Actions", "&Next Model"), "", kNone, "Ctrl+Tab",
     QT_TRANSLATE_NOOP("Actions", "Bring the next model to the front")},
    {ActionId::PreviousTab, "previousTab", QT_TRANSLATE_NOOP("Actions", "&Previous Model"), "", kNone, "Ctrl+Shift+Tab",
     QT_TRANSLATE_NOOP("Actions", "Bring the model before to the front")},
    {ActionId::NextPanel, "nextPanel", QT_TRANSLATE_NOOP("Actions", "Next Pa&nel"), "", kNone, "F6",
     QT_TRANSLATE_NOOP("Actions", "Move the focus to the next panel")},
    {ActionId::PreviousPanel, "previousPanel", QT_TRANSLATE_NOOP("Actions", "Previous Pane&l"), "", kNone, "Shift+F6",
     QT_TRANSLATE_NOOP("Actions", "Move the focus to the panel before")},

    {ActionId::Help, "help", QT_TRANSLATE_NOOP("Actions", "&Help"), "help", kNone, "F1",
     QT_TRANSLATE_NOOP("Actions", "How to build, train and keep a model")},
    {ActionId::Shortcuts, "shortcuts", QT_TRANSLATE_NOOP("Actions", "&Keyboard Shortcuts"), "key", kNone, "Ctrl+?",
     QT_TRANSLATE_NOOP("Actions", "Every command and its keys")},
    {ActionId::About, "about", QT_TRANSLATE_NOOP("Actions", "&About Layersmith"), "info", kNone, "",
     QT_TRANSLATE_NOOP("Actions", "Version and licence")},
};

/// The first key the platform gives, without keys like XF86Open that no menu should show.
QKeySequence keysOf(const ActionRow& row) {
  const QKeySequence ours = QKeySequence::fromString(QString::fromLatin1(row.keys), QKeySequence::PortableText);
  if (row.standard == kNone) return ours;
  const QList<QKeySequence> platform = QKeySequence::keyBindings(row.standard);
  return platform.isEmpty() || platform.contains(ours) ? ours : platform.front();
}

QAction* makeAction(const ActionRow& row, QObject* parent) {
  auto* action = new QAction(QCoreApplication::translate("Actions", row.text), parent);
  action->setObjectName(QStringLiteral("action.") + QString::fromLatin1(row.name));
  if (*row.iconName) action->setIcon(icon(QString::fromLatin1(row.iconName)));
  action->setShortcut(keysOf(row));
  action->setStatusTip(QCoreApplication::translate("Actions", row.help));
  action->setToolTip(Actions::tip(*action));
  action->setMenuRole(QAction::NoRole);
  return action;
}

}  // namespace

Actions::Actions(QObject* parent) : QObject(parent) {
  for (const ActionRow& row : kRows) m_actions[row.id] = makeAction(row, this);
  makeGroups();
}

void Actions::makeGroups() {
  const auto group = [this](std::initializer_list<ActionId> ids) {
    auto* result = new QActionGroup(this);
    for (ActionId id : ids) {
      m_actions.at(id)->setCheckable(true);
      result->addAction(m_actions.at(id));
    }
    m_actions.at(*ids.begin())->setChecked(true);
  };
  group({ActionId::LayoutDesign, ActionId::LayoutTraining, ActionId::LayoutEvaluation, ActionId::LayoutCatalog});
  group({ActionId::ThemeSystem, ActionId::ThemeLight, ActionId::ThemeDark});
  group({ActionId::WatchSpeed, ActionId::FullSpeed});
  for (ActionId id : {ActionId::FullScreen, ActionId::ShowCost}) m_actions.at(id)->setCheckable(true);
}

std::vector<QAction*> Actions::all() const {
  std::vector<QAction*> result;
  for (const ActionRow& row : kRows) result.push_back(m_actions.at(row.id));
  return result;
}

QString Actions::tip(const QAction& action) {
  QString text = action.text();
  text.remove(QLatin1Char('&'));
  if (text.endsWith(QStringLiteral("..."))) text.chop(3);
  if (action.shortcut().isEmpty()) return text;
  return QStringLiteral("%1 (%2)").arg(text, action.shortcut().toString(QKeySequence::NativeText));
}

void Actions::setEnabled(std::initializer_list<ActionId> ids, bool isEnabled) {
  for (ActionId id : ids) m_actions.at(id)->setEnabled(isEnabled);
}

}  // namespace layersmith
