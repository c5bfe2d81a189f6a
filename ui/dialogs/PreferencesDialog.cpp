#include "ui/dialogs/PreferencesDialog.h"

#include "ui/main/Settings.h"
#include "ui/widgets/FormRows.h"
#include "ui/widgets/QuotaBar.h"
#include "ui/widgets/SegmentedSwitch.h"
#include "ui/widgets/SizeText.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QListWidget>
#include <QSpinBox>
#include <QVBoxLayout>

namespace layersmith {

namespace {

constexpr Theme::Mode kModes[] = {Theme::Mode::System, Theme::Mode::Light, Theme::Mode::Dark};

}  // namespace

PreferencesDialog::PreferencesDialog(Settings& settings, StoreWorker& stores, int availableThreads, QWidget* parent)
    : FooterDialog(QStringLiteral("preferencesDialog"), tr("Preferences"), parent), m_settings(settings) {
  setMinimumWidth(540);
  content().addWidget(new TextLabel(tr("Preferences"), Theme::TextRole::Title));
  auto* rows = new FormRows;
  rows->addRow(tr("Theme"), makeThemeSwitch());
  rows->addRow(tr("Font"), makeFontChoice());
  rows->addRow(tr("Text size"), makeScale());
  rows->addRow(tr("Threads"), makeThreads(availableThreads), tr("Used from the next start on."));
  content().addWidget(rows);
  content().addSpacing(4);
  content().addWidget(makeFolders());
  content().addSpacing(4);
  content().addWidget(makeQuota(stores));
  content().addStretch();
  QPushButton* close = addFooterButton(QStringLiteral("preferencesDialog.close"), tr("Close"), ButtonKind::Primary);
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

QWidget* PreferencesDialog::makeThemeSwitch() {
  auto* modes = new SegmentedSwitch({tr("As the system"), tr("Light"), tr("Dark")});
  nameControl(*modes, QStringLiteral("preferencesDialog.theme"), tr("Theme"));
  for (int i = 0; i < 3; ++i) {
    if (kModes[i] == m_settings.themeMode()) modes->setCurrentIndex(i);
  }
  connect(modes, &SegmentedSwitch::currentChanged, this, [this](int index) { Q_EMIT themeModeChosen(kModes[index]); });
  return modes;
}

QWidget* PreferencesDialog::makeFontChoice() {
  auto* fonts = new QComboBox;
  nameControl(*fonts, QStringLiteral("preferencesDialog.font"), tr("Font"));
  fonts->addItem(tr("Inter"), QString());
  const QString system = QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
  fonts->addItem(tr("The system's, %1").arg(system), system);
  fonts->setCurrentIndex(m_settings.fontFamily().isEmpty() ? 0 : 1);
  connect(fonts, &QComboBox::currentIndexChanged, this,
          [this, fonts] { m_settings.setFontFamily(fonts->currentData().toString()); });
  return fonts;
}

QWidget* PreferencesDialog::makeScale() {
  auto* scale = new QSpinBox;
  scale->setRange(80, 200);
  scale->setSingleStep(10);
  scale->setSuffix(QStringLiteral(" %"));
  scale->setKeyboardTracking(false);
  scale->setValue(m_settings.fontScale());
  nameControl(*scale, QStringLiteral("preferencesDialog.scale"), tr("Text size in percent"));
  connect(scale, &QSpinBox::valueChanged, this, [this](int percent) { m_settings.setFontScale(percent); });
  return scale;
}

QWidget* PreferencesDialog::makeThreads(int available) {
  auto* threads = new QSpinBox;
  threads->setRange(0, available);
  threads->setSpecialValueText(tr("All, %1").arg(available));
  threads->setValue(m_settings.threads());
  nameControl(*threads, QStringLiteral("preferencesDialog.threads"), tr("Threads for training"));
  connect(threads, &QSpinBox::valueChanged, this, [this](int count) { m_settings.setThreads(count); });
  return threads;
}

QWidget* PreferencesDialog::makeFolders() {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  auto* head = new QHBoxLayout;
  head->addWidget(new TextLabel(tr("Folders of interest"), Theme::TextRole::BodyStrong));
  head->addStretch();
  QPushButton* add =
      makeButton(QStringLiteral("preferencesDialog.addFolder"), tr("Add..."), ButtonKind::Ghost, QStringLiteral("add"));
  QPushButton* remove = makeButton(QStringLiteral("preferencesDialog.removeFolder"), tr("Remove"), ButtonKind::Ghost,
                                   QStringLiteral("remove"));
  head->addWidget(add);
  head->addWidget(remove);
  column->addLayout(head);
  auto* note = new TextLabel(tr("The catalog lists the models in them."), Theme::TextRole::Label, "text2");
  column->addWidget(note);
  m_folders = new QListWidget;
  m_folders->setFixedHeight(96);
  m_folders->addItems(m_settings.folders());
  nameControl(*m_folders, QStringLiteral("preferencesDialog.folders"), tr("Folders of interest"));
  column->addWidget(m_folders);
  connect(add, &QPushButton::clicked, this, [this] {
    auto* dialog = new QFileDialog(this, tr("Add a folder of models"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
      m_folders->addItem(path);
      storeFolders();
    });
    dialog->open();
  });
  connect(remove, &QPushButton::clicked, this, [this] {
    delete m_folders->takeItem(m_folders->currentRow());
    storeFolders();
  });
  return box;
}

void PreferencesDialog::storeFolders() {
  QStringList folders;
  for (int i = 0; i < m_folders->count(); ++i) folders << m_folders->item(i)->text();
  folders.removeDuplicates();
  m_settings.setFolders(folders);
}

QWidget* PreferencesDialog::makeQuota(StoreWorker& stores) {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  auto* text = new TextLabel(tr("Local storage"), Theme::TextRole::BodyStrong);
  auto* amount = new TextLabel({}, Theme::TextRole::Label, "text2");
  auto* bar = new QuotaBar;
  column->addWidget(text);
  column->addWidget(bar);
  column->addWidget(amount);
  stores.run(
      this, [](ModelLibrary& library) { return library.usage(QStringLiteral("localstorage")); },
      [amount, bar](const Outcome<StoreUsage>& outcome) {
        if (!outcome.isOk()) {
          amount->setText(QString::fromStdString(outcome.error().message()));
          return;
        }
        const StoreUsage& usage = outcome.value();
        bar->setFraction(usage.quota > 0 ? static_cast<double>(usage.used) / static_cast<double>(usage.quota) : 0);
        amount->setText(tr("%1 of %2 used").arg(sizeText(usage.used), sizeText(usage.quota)));
      });
  return box;
}

}  // namespace layersmith
