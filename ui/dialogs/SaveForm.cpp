#include "ui/dialogs/SaveForm.h"

#include "model/storage/http/HttpErrors.h"
#include "model/storage/http/HttpRequest.h"
#include "model/storage/http/ServerModel.h"
#include "ui/catalog/CatalogPlaces.h"
#include "ui/dialogs/HeadersTable.h"
#include "ui/dialogs/Parts.h"
#include "ui/dialogs/SaveFormFields.h"
#include "ui/widgets/FormRows.h"
#include "ui/widgets/SegmentedSwitch.h"
#include "ui/widgets/SizeText.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QTimer>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace layersmith {

namespace {

enum Pieces { OneFile, FourMegabytes, OwnSize };

/// Another would be taken for a folder's name.
bool isAddress(const QString& text) {
  const QUrl url(text);
  const bool isWeb = url.scheme() == QStringLiteral("http") || url.scheme() == QStringLiteral("https");
  return url.isValid() && isWeb && !url.host().isEmpty();
}

}  // namespace

SaveForm::SaveForm(const QString& name, const QString& folder, QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(20, 16, 20, 12);
  column->setSpacing(8);
  makeCommonRows();
  makeWeightRows();
  makeServerRow();
  makeHttpRows();
  auto* forms = new QVBoxLayout;  // one form to the eye
  forms->setSpacing(0);
  m_keys->setContentsMargins(0, 0, 0, 8);
  for (QWidget* rows :
       std::initializer_list<QWidget*>{m_rows, m_folderRows, m_piecesRows, m_keys, m_serverRows, m_httpRows,
                                       m_uploadRows, m_signInRows, m_userRows, m_secretRows, m_precisionRows})
    forms->addWidget(rows);
  column->addLayout(forms);
  m_headers = new HeadersTable(QStringLiteral("saveDialog"));
  column->addWidget(m_headers);
  makeOptions(*column);
  makeHttpOptions(*column);
  column->addStretch();
  connect(m_headers, &HeadersTable::changed, this, &SaveForm::changed);
  m_folder->setText(QDir::toNativeSeparators(folder));
  setName(name);
  refreshRows();
}

// Rows that come and go have a form of their own: a form keeps the room of a hidden row.
void SaveForm::makeCommonRows() {
  m_rows = new FormRows;
  m_folderRows = new FormRows;
  m_name = namedField(new QLineEdit, "name", tr("Name"), tr("The model's name there"));
  m_rows->addRow(tr("Name"), m_name);
  auto* folderField = new QWidget;
  auto* row = new QHBoxLayout(folderField);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  m_folder = namedField(new QLineEdit, "folder", tr("Folder"), tr("Where the files go"));
  QPushButton* browse = makeButton(QStringLiteral("saveDialog.browse"), tr("Browse..."));
  row->addWidget(m_folder, 1);
  row->addWidget(browse);
  m_folderRows->addRow(tr("In folder"), folderField);
  m_keys = new TextLabel({}, Theme::TextRole::Code, "text2");
  m_keys->setMono(true);
  m_keys->setWordWrap(true);
  connect(browse, &QPushButton::clicked, this, &SaveForm::browse);
  connect(m_name, &QLineEdit::textChanged, this, &SaveForm::refreshRows);
  connect(m_folder, &QLineEdit::textChanged, this, &SaveForm::refreshRows);
}

void SaveForm::makeWeightRows() {
  m_piecesRows = new FormRows;
  m_precisionRows = new FormRows;
  auto* pieces = new QWidget;
  auto* row = new QHBoxLayout(pieces);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  m_pieces = namedField(new QComboBox, "pieces", tr("Weight files"),
                        tr("One file, or pieces that servers and caches handle well"));
  m_pieces->addItems({tr("One file, weights.bin"), tr("Pieces of 4 MB"), tr("Pieces of another size")});
  m_pieceSize = namedField(new QSpinBox, "pieceSize", tr("Size of a piece"), tr("Size of a piece"));
  m_pieceSize->setRange(1, 1024);
  m_pieceSize->setValue(16);
  m_pieceSize->setSuffix(tr(" MB"));
  m_pieceSize->setFixedWidth(88);
  row->addWidget(m_pieces, 1);
  row->addWidget(m_pieceSize);
  m_piecesRows->addRow(tr("Weights"), pieces);

  m_precision = namedField(new QComboBox, "precision", tr("Precision of weights"),
                           tr("Fewer bits make a smaller file; the model then answers a little differently"));
  m_precision->addItem(tr("float32, as trained"));
  m_precision->addItem(tr("float16, half the size"), static_cast<int>(DType::Float16));
  m_precision->addItem(tr("uint16, half the size"), static_cast<int>(DType::UInt16));
  m_precision->addItem(tr("uint8, a quarter of the size"), static_cast<int>(DType::UInt8));
  m_precisionRows->addRow(tr("Precision"), m_precision);
  connect(m_pieces, &QComboBox::currentIndexChanged, this, &SaveForm::refreshRows);
  connect(m_pieceSize, &QSpinBox::valueChanged, this, &SaveForm::changed);
  connect(m_precision, &QComboBox::currentIndexChanged, this, &SaveForm::precisionChanged);
  connect(m_precision, &QComboBox::currentIndexChanged, this, &SaveForm::changed);
}

QWidget* SaveForm::makeOptionRow(QCheckBox* box, TextLabel* bytes) {
  auto* widget = new QWidget;
  auto* row = new QHBoxLayout(widget);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(box);
  row->addStretch();
  if (bytes) row->addWidget(bytes);
  connect(box, &QCheckBox::toggled, this, &SaveForm::changed);
  return widget;
}

void SaveForm::makeOptions(QVBoxLayout& column) {
  column.addSpacing(4);
  column.addWidget(new TextLabel(tr("Options"), Theme::TextRole::BodyStrong));
  m_optimizer = namedField(new QCheckBox(tr("Include optimizer state")), "optimizer", tr("Include optimizer state"),
                           tr("Training can go on where it stopped"));
  m_recipe = namedField(new QCheckBox(tr("Include the recipe")), "recipe", tr("Include the recipe"),
                        tr("How a row of data becomes the model's input: columns, scaling, class names"));
  m_optimizerBytes = new TextLabel({}, Theme::TextRole::Code, "text2");
  m_recipeBytes = new TextLabel({}, Theme::TextRole::Code, "text2");
  for (TextLabel* label : {m_optimizerBytes, m_recipeBytes}) label->setMono(true);
  m_optimizer->setChecked(true);
  m_recipe->setChecked(true);
  column.addWidget(makeOptionRow(m_optimizer, m_optimizerBytes));
  column.addWidget(makeOptionRow(m_recipe, m_recipeBytes));
}

void SaveForm::setTarget(SaveTarget target) {
  m_target = target;
  refreshRows();
}

void SaveForm::setPlugin(const QString& scheme) {
  if (plugin() == scheme) return;
  m_pluginStart = scheme + QStringLiteral("://");
  refreshRows();
}

QString SaveForm::plugin() const {
  return m_pluginStart.section(QStringLiteral("://"), 0, 0);
}

void SaveForm::setName(const QString& name) {
  m_givenName = name;
  m_name->setText(name);
}
void SaveForm::focusFirst() {
  m_name->setFocus();
  m_name->selectAll();
}
QString SaveForm::folder() const {
  return QDir::fromNativeSeparators(m_folder->text());
}

void SaveForm::setFolder(const QString& folder) {
  m_folder->setText(QDir::toNativeSeparators(folder));
}

void SaveForm::setRequest(const SaveRequest& request) {
  const HttpOptions& http = request.options.http;
  setName(request.name);
  m_optimizer->setChecked(m_optimizer->isEnabled() && request.contents.includeOptimizer);
  m_recipe->setChecked(m_recipe->isEnabled() && request.contents.includeRecipe);
  m_precision->setCurrentIndex(
      request.contents.storedAs ? m_precision->findData(static_cast<int>(*request.contents.storedAs)) : 0);
  const int megabytes = int(request.options.shardBytes >> 20);
  m_pieces->setCurrentIndex(megabytes == 0 ? OneFile : megabytes == 4 ? FourMegabytes : OwnSize);
  if (megabytes > 0) m_pieceSize->setValue(megabytes);
  m_timeout->setValue(http.timeoutMs / 1000);
  m_certificate->setChecked(http.checkCertificate);
  const std::optional<SaveTarget> target = request.target == SaveTarget::Http ? request.target : targetOf(request.url);
  if (target == SaveTarget::Folder || target == SaveTarget::Pair) setFolder(folderOf(request.url));
  if (target == SaveTarget::Plugin) m_pluginStart = request.url.left(startOfPluginName(request.url));
  setTarget(target.value_or(SaveTarget::Folder));
  if (target != SaveTarget::Http) return;
  chooseServer(request.server);
  if (server()) return;
  m_method->setCurrentIndex(http.method.toUpper() == m_method->label(1) ? 1 : 0);
  setAddress(request.url);
  setSignIn(request);
}

void SaveForm::focusPlace() {
  if (m_target == SaveTarget::Folder || m_target == SaveTarget::Pair) {
    m_folder->setFocus();
  } else if (m_target != SaveTarget::Http) {
    focusFirst();
  } else if (server()) {
    m_server->setFocus();
  } else {
    m_address->setFocus();
    QTimer::singleShot(0, m_address, [this] { m_address->end(false); });  // a dialog selects all when it is shown
  }
}

void SaveForm::setHasOptimizer(bool hasOptimizer) {
  m_optimizer->setEnabled(hasOptimizer);
  m_optimizer->setChecked(hasOptimizer);
}

void SaveForm::setHasRecipe(bool hasRecipe) {
  m_recipe->setEnabled(hasRecipe);
  m_recipe->setChecked(hasRecipe);
}

void SaveForm::setOptionBytes(std::int64_t optimizer, std::int64_t recipe) {
  m_optimizerBytes->setText(optimizer < 0 ? QString() : QStringLiteral("+ ") + sizeText(optimizer));
  m_recipeBytes->setText(recipe < 0 ? QString() : QStringLiteral("+ ") + sizeText(recipe));
}

void SaveForm::setPrecisionNote(const QString& text, bool isWarning) {
  m_precisionRows->setHelp(m_precision, text, isWarning ? "warning" : "text2");
}

void SaveForm::refreshRows() {
  const bool isFile = m_target == SaveTarget::Folder || m_target == SaveTarget::Pair;
  const bool isHttp = m_target == SaveTarget::Http;
  m_folderRows->setVisible(isFile);
  m_piecesRows->setVisible(m_target == SaveTarget::Folder);
  m_pieceSize->setVisible(m_pieces->currentIndex() == OwnSize);
  m_keys->setVisible(!isHttp);
  refreshHttpRows(isHttp);
  m_keys->setText(urlOf(m_target));
  Q_EMIT changed();
}

void SaveForm::browse() {
  QDir there(folder());
  while (!there.exists() && !there.isRoot()) there.setPath(QFileInfo(there.path()).path());
  auto* dialog = new QFileDialog(this, tr("Save in folder"), there.path());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, this,
          [this](const QString& path) { m_folder->setText(QDir::toNativeSeparators(path)); });
  dialog->open();
}

QString SaveForm::name() const {
  return m_name->text() == m_givenName ? m_givenName : m_name->text().trimmed();
}

QString SaveForm::nameProblem() const {
  if (m_target == SaveTarget::Http) return {};
  if (name().trimmed().isEmpty()) return tr("Type a name.");
  if (m_target == SaveTarget::LocalStorage || m_target == SaveTarget::IndexedDb) return {};
  if (name().contains(QLatin1Char('/'))) return tr("A name here has no slashes.");
  const bool isFile = m_target == SaveTarget::Folder || m_target == SaveTarget::Pair;
  if (isFile && name().startsWith(QLatin1Char('.'))) return tr("A name that begins with a dot would be hidden.");
  return {};
}

QString SaveForm::urlOf(SaveTarget target) const {
  if (target == SaveTarget::Http) {
    const QString address = m_address->text().trimmed();
    return isAddress(address) ? address : QString();
  }
  if (!nameProblem().isEmpty()) return {};
  const QString name = this->name();
  switch (target) {
    case SaveTarget::LocalStorage: return QStringLiteral("localstorage://") + name;
    case SaveTarget::IndexedDb: return QStringLiteral("indexeddb://") + name;
    case SaveTarget::Plugin: return m_pluginStart + name;
    default: break;
  }
  if (folder().isEmpty()) return {};
  const QString path = QDir(folder()).absoluteFilePath(name);
  return target == SaveTarget::Pair ? path + QStringLiteral(".json") : path;
}

SaveRequest SaveForm::request() const {
  SaveRequest request;
  request.target = m_target;
  request.url = urlOf(m_target);
  request.name = name();
  request.contents.includeOptimizer = m_optimizer->isChecked();
  request.contents.includeRecipe = m_recipe->isChecked();
  if (const QVariant dtype = m_precision->currentData(); dtype.isValid())
    request.contents.storedAs = static_cast<DType>(dtype.toInt());
  if (m_target == SaveTarget::Folder && m_pieces->currentIndex() != OneFile)
    request.options.shardBytes = std::int64_t(m_pieces->currentIndex() == OwnSize ? m_pieceSize->value() : 4) << 20;
  HttpOptions& http = request.options.http;
  if (const UploadServer* known = server()) {
    request.server = known->root;
    http = known->access;
    http.timeoutMs = m_timeout->value() * 1000;
    return request;
  }
  http.method = m_method->label(m_method->currentIndex());
  http.headers = m_headers->headers();
  http.checkCertificate = m_certificate->isChecked();
  http.timeoutMs = m_timeout->value() * 1000;
  addSignIn(request);
  return request;
}

}  // namespace layersmith
