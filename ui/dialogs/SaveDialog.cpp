#include "ui/dialogs/SaveDialog.h"

#include "model/session/QuantizationEffect.h"
#include "model/storage/plugins/PluginLoader.h"
#include "ui/catalog/CatalogPlaces.h"
#include "ui/commands/ComputeJob.h"
#include "ui/commands/DocumentContext.h"
#include "ui/dialogs/Parts.h"
#include "ui/dialogs/PreviewText.h"
#include "ui/dialogs/SaveForm.h"
#include "ui/dialogs/TwoLineDelegate.h"
#include "ui/theme/Icons.h"
#include "ui/widgets/DialogKeys.h"
#include "ui/widgets/MessageStrip.h"
#include "ui/widgets/SizeText.h"

#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QListWidget>
#include <QLocale>
#include <QPainter>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>
#include <optional>

namespace layersmith {

using namespace std::chrono_literals;

namespace {

constexpr int kTargetRole = Qt::UserRole, kPluginRole = Qt::UserRole + 1;

struct TargetRow {
  SaveTarget target;
  const char* iconName;
  QString title;
  QString note;
  QString plugin = {};  ///< its scheme
};

/// In the order of SaveTarget, with a row for each plug-in at the end.
std::vector<TargetRow> targetRows() {
  std::vector<TargetRow> rows = {
      {SaveTarget::Folder, "folder", SaveDialog::tr("Folder"), SaveDialog::tr("model.json, weights")},
      {SaveTarget::Pair, "download", SaveDialog::tr("Download pair"), SaveDialog::tr("two files, one name")},
      {SaveTarget::LocalStorage, "browser", SaveDialog::tr("Local storage"), SaveDialog::tr("as in a browser")},
      {SaveTarget::IndexedDb, "database", SaveDialog::tr("IndexedDB"), SaveDialog::tr("as in a browser")},
      {SaveTarget::Http, "server", SaveDialog::tr("HTTP server"), SaveDialog::tr("upload by request")}};
  for (const LoadedPlugin& one : loadedPlugins())
    if (one.plugin)
      rows.push_back({SaveTarget::Plugin, "database", placeTitle(one.scheme), SaveDialog::tr("plug-in"), one.scheme});
  return rows;
}

/// The model that a save to `url` would replace, if any. For HTTP nobody can know.
std::optional<ModelEntry> entryAt(ModelLibrary& library, const QString& url) {
  const Place place = parsePlace(url);
  if (place.scheme.startsWith(QStringLiteral("http")) || !library.contains(place.url())) return std::nullopt;
  const auto entries = place.scheme == QStringLiteral("file") ? library.listFolder(QFileInfo(place.name).path())
                                                              : library.store(place.scheme).list();
  const auto found = std::ranges::find(entries, place.url(), &ModelEntry::url);
  if (found != entries.end()) return *found;
  ModelEntry entry;
  entry.url = place.url();
  return entry;
}

}  // namespace

SaveDialog::SaveDialog(DocumentContext& context, StoreWorker& stores, const QString& folder, QWidget* parent)
    : QDialog(parent), m_state(context.state()), m_compute(context.compute()), m_stores(stores) {
  setObjectName(QStringLiteral("saveDialog"));
  setWindowTitle(tr("Save As"));
  setAttribute(Qt::WA_DeleteOnClose);
  setModal(true);
  resize(900, 640);

  auto* left = new Surface("window", Qt::RightEdge);
  left->setFixedWidth(188);
  auto* targets = new QVBoxLayout(left);
  targets->setContentsMargins(8, 16, 8, 8);
  targets->setSpacing(4);
  auto* title = new ElidedLabel(tr("Save %1").arg(context.document().name()), Theme::TextRole::Title);
  title->setContentsMargins(8, 0, 8, 0);
  auto* question = new TextLabel(tr("Where should it go?"), Theme::TextRole::Label, "text2");
  question->setContentsMargins(8, 0, 8, 8);
  targets->addWidget(title);
  targets->addWidget(question);
  makeTargets(*targets);

  m_form = new SaveForm(context.document().name(), folder);
  m_form->setHasOptimizer(!m_state.optimizer.empty());
  m_form->setHasRecipe(m_state.hasRecipe);
  auto* scroll = new QScrollArea;
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setFocusPolicy(Qt::NoFocus);  // it follows the field that has the focus
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setBackgroundToken(m_form, "panel");
  scroll->setWidget(m_form);
  scroll->setObjectName(QStringLiteral("saveDialog.scroll"));

  auto* right = new Surface("window", Qt::LeftEdge);
  right->setFixedWidth(280);
  auto* proof = new QVBoxLayout(right);
  proof->setContentsMargins(1, 0, 0, 0);
  m_preview = new SavePreviewPane;
  proof->addWidget(m_preview);

  auto* middle = new QHBoxLayout;
  middle->setSpacing(0);
  middle->addWidget(left);
  middle->addWidget(scroll, 1);
  middle->addWidget(right);
  m_strip = new MessageStrip;
  m_strip->hide();
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addLayout(middle, 1);
  column->addWidget(m_strip);
  column->addWidget(makeFooter());

  m_previewTimer.setSingleShot(true);
  m_previewTimer.setInterval(120ms);
  connect(&m_previewTimer, &QTimer::timeout, this, &SaveDialog::refreshPreview);
  connect(m_form, &SaveForm::changed, this, [this] {
    m_save->setEnabled(!m_isAsking && !m_form->request().url.isEmpty());
    m_strip->hide();
    m_previewTimer.start();
  });
  connect(m_form, &SaveForm::receiverRequested, this, &SaveDialog::receiverRequested);
  connect(m_form, &SaveForm::precisionChanged, this, &SaveDialog::measurePrecision);
  setTarget(SaveTarget::Folder);
  setDialogKeys(*this, *m_save);
  m_form->focusFirst();
  showUsage();
}

void SaveDialog::makeTargets(QVBoxLayout& column) {
  m_targets = new QListWidget;
  m_targets->setFrameShape(QFrame::NoFrame);
  m_targets->viewport()->setAutoFillBackground(false);
  m_targets->setItemDelegate(new TwoLineDelegate(m_targets));
  nameControl(*m_targets, QStringLiteral("saveDialog.targets"), tr("Where to save"));
  for (const TargetRow& row : targetRows()) {
    auto* item = new QListWidgetItem(icon(QString::fromLatin1(row.iconName)), row.title, m_targets);
    item->setData(kTargetRole, static_cast<int>(row.target));
    item->setData(kPluginRole, row.plugin);
    if (!row.plugin.isEmpty()) item->setToolTip(row.title);  // of any length
    item->setData(TwoLineDelegate::kNoteRole, row.note);
  }
  column.addWidget(m_targets, 1);
  connect(m_targets, &QListWidget::currentRowChanged, this, [this](int row) {
    if (row < 0) return;
    const QListWidgetItem& item = *m_targets->item(row);
    setTarget(static_cast<SaveTarget>(item.data(kTargetRole).toInt()), item.data(kPluginRole).toString());
  });
}

QWidget* SaveDialog::makeFooter() {
  auto* bar = new Surface("panel", Qt::TopEdge);
  bar->setFixedHeight(57);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(16, 1, 16, 0);
  row->setSpacing(8);
  row->addStretch();
  QPushButton* cancel = makeButton(QStringLiteral("saveDialog.cancel"), tr("Cancel"));
  m_save = makeButton(QStringLiteral("saveDialog.save"), tr("Save"), ButtonKind::Primary);
  for (QPushButton* button : {cancel, m_save}) {
    button->setProperty("large", true);
    button->setMinimumWidth(88);
    row->addWidget(button);
  }
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(m_save, &QPushButton::clicked, this, &SaveDialog::save);
  return bar;
}

void SaveDialog::setTarget(SaveTarget target, const QString& plugin) {
  int row = static_cast<int>(target);
  while (row < m_targets->count() && m_targets->item(row)->data(kPluginRole).toString() != plugin) ++row;
  if (row == m_targets->count()) return setTarget(SaveTarget::Folder);  // a plug-in that is not there any more
  m_targets->setCurrentRow(row);
  if (target == SaveTarget::Plugin) m_form->setPlugin(plugin);
  m_preview->setTarget(target);
  if (m_form->target() != target || m_previewSerial == 0) m_form->setTarget(target);
}

void SaveDialog::setPlace(const QString& place) {
  if (place.isEmpty()) return;
  switch (placeKind(place)) {
    case CatalogPlace::Kind::Folder: m_form->setFolder(place); break;
    case CatalogPlace::Kind::Browser:
      setTarget(place == QStringLiteral("indexeddb") ? SaveTarget::IndexedDb : SaveTarget::LocalStorage);
      break;
    case CatalogPlace::Kind::Server:
      setTarget(SaveTarget::Http);
      m_form->chooseServer(place);
      break;
    case CatalogPlace::Kind::Plugin: setTarget(SaveTarget::Plugin, place); break;
  }
}

void SaveDialog::setRequest(const SaveRequest& request) {
  m_form->setRequest(request);
  setTarget(m_form->target(), m_form->target() == SaveTarget::Plugin ? m_form->plugin() : QString());
  m_form->focusPlace();
}

// "0.3 of 5 MB used", as soon as the stores have told.
void SaveDialog::showUsage() {
  using Usages = std::pair<StoreUsage, StoreUsage>;
  m_stores.run(
      this,
      [](ModelLibrary& library) {
        return Usages(library.usage(QStringLiteral("localstorage")), library.usage(QStringLiteral("indexeddb")));
      },
      [this](const Outcome<Usages>& outcome) {
        if (!outcome.isOk()) return;
        const auto note = [this](SaveTarget target, const StoreUsage& usage) {
          const QString text = usage.quota > 0 ? tr("%1 used").arg(usageText(usage.used, usage.quota))
                                               : tr("%1 used").arg(sizeText(usage.used));
          m_targets->item(static_cast<int>(target))->setData(TwoLineDelegate::kNoteRole, text);
        };
        note(SaveTarget::LocalStorage, outcome.value().first);
        note(SaveTarget::IndexedDb, outcome.value().second);
      });
}

void SaveDialog::refreshPreview() {
  const SaveRequest request = m_form->request();
  const int serial = ++m_previewSerial;
  if (request.url.isEmpty()) {
    const QString problem = m_form->nameProblem();
    m_preview->setProblem(request.target == SaveTarget::Http ? tr("Type the address of the server.")
                          : problem.isEmpty()                ? tr("Choose a folder.")
                                                             : problem);
    return;
  }
  m_stores.run(
      this, [state = m_state, request](ModelLibrary& library) { return makeSavePreview(library, state, request); },
      [this, serial](const Outcome<SavePreview>& outcome) {
        if (serial == m_previewSerial) showPreview(outcome);
      });
}

// On the compute thread, beside a training if there is one.
void SaveDialog::measurePrecision() {
  const int serial = ++m_precisionSerial;
  const std::optional<DType> storedAs = m_form->request().contents.storedAs;
  m_form->setPrecisionNote(storedAs ? tr("Measuring what changes...") : QString());
  if (!storedAs) return;
  computeThen(
      m_compute, this, [state = m_state, storedAs] { return quantizationEffect(state, *storedAs); },
      [this, serial](const JobResult<QuantizationEffect>& result) {
        if (serial != m_precisionSerial) return;
        if (result.value)
          m_form->setPrecisionNote(effectText(*result.value), result.value->otherAnswers > 0);
        else
          m_form->setPrecisionNote(QString::fromStdString(result.error->message()), true);
      });
}

void SaveDialog::showPreview(const Outcome<SavePreview>& outcome) {
  if (outcome.isOk()) {
    m_preview->setPreview(outcome.value());
    m_form->setOptionBytes(outcome.value().optimizerBytes, outcome.value().recipeBytes);
    if (outcome.value().freeBytes >= 0 && m_strip->isHidden()) tellItDoesNotFit(outcome.value());
  } else {
    m_preview->setProblem(QString::fromStdString(outcome.error().message()));
  }
  Q_EMIT previewReady();
}

void SaveDialog::tellItDoesNotFit(const SavePreview& preview) {
  m_strip->setMessage(Severity::Warning,
                      tr("`%1` needs %2 there, and %3 is free.")
                          .arg(m_form->request().name, sizeText(preview.totalBytes), sizeText(preview.freeBytes)));
  if (m_form->target() == SaveTarget::LocalStorage)
    m_strip->addAction(
        tr("Use IndexedDB"), [this] { setTarget(SaveTarget::IndexedDb); }, true);
  m_strip->show();
}

void SaveDialog::save() {
  const SaveRequest request = m_form->request();
  m_isAsking = true;
  m_save->setEnabled(false);
  m_stores.run(
      this,
      [request, state = m_state](ModelLibrary& library) {
        Replacing found{entryAt(library, request.url), 0};
        if (found.old) found.newBytes = artifactsInfo(artifactsFromDocument(state, request.contents), {}).totalBytes();
        return found;
      },
      [this, request](const Outcome<Replacing>& outcome) {
        m_isAsking = false;
        m_save->setEnabled(!m_form->request().url.isEmpty());
        if (!outcome.isOk()) {
          tellProblem(outcome.error());
        } else if (outcome.value().old) {
          askToReplace(request, outcome.value());
        } else {
          finish(request, false);
        }
      });
}

void SaveDialog::askToReplace(const SaveRequest& request, const Replacing& replacing) {
  const ModelEntry& old = *replacing.old;
  QString text = tr("`%1` is there already").arg(request.name);
  if (old.info.dateSaved.isValid()) {
    text += tr(": %1, saved %2")
                .arg(sizeText(old.info.totalBytes()),
                     QLocale().toString(old.info.dateSaved.toLocalTime(), QLocale::ShortFormat));
  }
  text += tr(". The new one has %1, of now.").arg(sizeText(replacing.newBytes));
  m_strip->setMessage(Severity::Warning, text);
  m_strip->addAction(
      tr("Replace"), [this, request] { finish(request, true); }, true);
  m_strip->addAction(tr("Keep both"), [this, request] { keepBoth(request); });
  m_strip->show();
}

void SaveDialog::keepBoth(const SaveRequest& request) {
  m_stores.run(
      this, [request](ModelLibrary& library) { return renamed(request, freeNameFor(library, request)); },
      [this](const Outcome<SaveRequest>& outcome) {
        if (outcome.isOk())
          finish(outcome.value(), false);
        else
          tellProblem(outcome.error());
      });
}

void SaveDialog::tellProblem(const Error& error) {
  m_strip->setMessage(Severity::Error, QString::fromStdString(error.message()));
  m_strip->show();
}

void SaveDialog::finish(SaveRequest request, bool overwrite) {
  request.options.overwrite = overwrite;
  request.options.replacedToTrash = overwrite;
  Q_EMIT accepted(request);
  accept();
}

void SaveDialog::paintEvent(QPaintEvent*) {
  QPainter(this).fillRect(rect(), theme().color("panel"));
}

}  // namespace layersmith
