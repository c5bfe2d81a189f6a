#include "ui/dialogs/SaveForm.h"

#include "ui/dialogs/HeadersTable.h"
#include "ui/dialogs/Parts.h"
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
#include <QVBoxLayout>

namespace layersmith {

namespace {

enum SignIn { None, Basic, Bearer, Custom };
enum Pieces { OneFile, FourMegabytes, OwnSize };

template <class Widget>
Widget* named(Widget* widget, const char* name, const QString& accessible, const QString& tip = {}) {
  nameControl(*widget, QStringLiteral("saveDialog.") + QString::fromLatin1(name), accessible, tip);
  return widget;
}

}  // namespace

SaveForm::SaveForm(const QString& name, const QString& folder, QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(20, 16, 20, 12);
  column->setSpacing(8);
  makeCommonRows();
  makeWeightRows();
  makeHttpRows();
  for (QWidget* rows : {m_rows, m_folderRows, m_piecesRows}) column->addWidget(rows);
  column->addWidget(m_keys);
  for (QWidget* rows : {m_httpRows, m_userRows, m_secretRows, m_precisionRows}) column->addWidget(rows);
  m_headers = new HeadersTable(QStringLiteral("saveDialog"));
  column->addWidget(m_headers);
  makeOptions(*column);
  makeHttpOptions(*column);
  column->addStretch();
  connect(m_headers, &HeadersTable::changed, this, &SaveForm::changed);
  m_folder->setText(QDir::toNativeSeparators(folder));
  m_name->setText(name);
  refreshRows();
}

// Rows that come and go have a form of their own: a form keeps the room of a hidden row.
void SaveForm::makeCommonRows() {
  m_rows = new FormRows;
  m_folderRows = new FormRows;
  m_name = named(new QLineEdit, "name", tr("Name"), tr("The model's name there"));
  m_rows->addRow(tr("Name"), m_name);
  auto* folderField = new QWidget;
  auto* row = new QHBoxLayout(folderField);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  m_folder = named(new QLineEdit, "folder", tr("Folder"), tr("Where the files go"));
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
  m_pieces =
      named(new QComboBox, "pieces", tr("Weight files"), tr("One file, or pieces that servers and caches handle well"));
  m_pieces->addItems({tr("One file, weights.bin"), tr("Pieces of 4 MB"), tr("Pieces of another size")});
  m_pieceSize = named(new QSpinBox, "pieceSize", tr("Size of a piece"), tr("Size of a piece"));
  m_pieceSize->setRange(1, 1024);
  m_pieceSize->setValue(16);
  m_pieceSize->setSuffix(tr(" MB"));
  m_pieceSize->setFixedWidth(88);
  row->addWidget(m_pieces, 1);
  row->addWidget(m_pieceSize);
  m_piecesRows->addRow(tr("Weights"), pieces);

  m_precision = named(new QComboBox, "precision", tr("Precision of weights"),
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

void SaveForm::makeHttpRows() {
  m_httpRows = new FormRows;
  m_userRows = new FormRows;
  m_secretRows = new FormRows;
  m_method = named(new SegmentedSwitch({QStringLiteral("POST"), QStringLiteral("PUT")}), "method", tr("Method"),
                   tr("How the request is sent"));
  m_httpRows->addRow(tr("Method"), m_method);
  m_address = named(new QLineEdit, "address", tr("Address"), tr("Where the request goes"));
  m_address->setPlaceholderText(QStringLiteral("https://"));
  setMonoFont(m_address);
  m_httpRows->addRow(tr("Address"), m_address);
  QPushButton* receiver = makeButton(QStringLiteral("saveDialog.receiver"), tr("Use the test receiver"));
  receiver->setToolTip(tr("Starts the Browser Bridge and fills in its address: what you send arrives in the catalog"));
  auto* receiverRow = new QWidget;
  auto* receiverColumn = new QHBoxLayout(receiverRow);
  receiverColumn->setContentsMargins(0, 0, 0, 0);
  receiverColumn->addWidget(receiver);
  receiverColumn->addStretch();
  m_httpRows->addRow({}, receiverRow);
  connect(receiver, &QPushButton::clicked, this, &SaveForm::receiverRequested);
  m_signIn = named(new QComboBox, "signIn", tr("Sign in"), tr("How the server knows you"));
  m_signIn->addItems({tr("Not needed"), tr("User and password"), tr("Bearer token"), tr("Header of its own")});
  m_httpRows->addRow(tr("Sign in"), m_signIn);
  m_user = named(new QLineEdit, "user", tr("User"), tr("Name of the user, or of the header"));
  m_userLabel = m_userRows->addRow(tr("User"), m_user);
  m_secret =
      named(new QLineEdit, "secret", tr("Secret"), tr("Kept in memory for this session only, never written down"));
  m_secret->setEchoMode(QLineEdit::Password);
  m_secretLabel = m_secretRows->addRow(tr("Token"), m_secret);
  connect(m_method, &SegmentedSwitch::currentChanged, this, &SaveForm::refreshRows);
  connect(m_signIn, &QComboBox::currentIndexChanged, this, &SaveForm::refreshRows);
  for (QLineEdit* field : {m_address, m_user, m_secret})
    connect(field, &QLineEdit::textChanged, this, &SaveForm::refreshRows);
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
  m_optimizer = named(new QCheckBox(tr("Include optimizer state")), "optimizer", tr("Include optimizer state"),
                      tr("Training can go on where it stopped"));
  m_recipe = named(new QCheckBox(tr("Include the recipe")), "recipe", tr("Include the recipe"),
                   tr("How a row of data becomes the model's input: columns, scaling, class names"));
  m_optimizerBytes = new TextLabel({}, Theme::TextRole::Code, "text2");
  m_recipeBytes = new TextLabel({}, Theme::TextRole::Code, "text2");
  for (TextLabel* label : {m_optimizerBytes, m_recipeBytes}) label->setMono(true);
  m_optimizer->setChecked(true);
  m_recipe->setChecked(true);
  column.addWidget(makeOptionRow(m_optimizer, m_optimizerBytes));
  column.addWidget(makeOptionRow(m_recipe, m_recipeBytes));
}

void SaveForm::makeHttpOptions(QVBoxLayout& column) {
  m_certificate = named(new QCheckBox(tr("Check the server's certificate")), "certificate",
                        tr("Check the server's certificate"), tr("Turn off only for a server of your own"));
  m_certificate->setChecked(true);
  column.addWidget(makeOptionRow(m_certificate, nullptr));
  m_timeoutRow = new QWidget;
  auto* row = new QHBoxLayout(m_timeoutRow);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  m_timeout = named(new QSpinBox, "timeout", tr("Give up after, in seconds"));
  m_timeout->setRange(1, 600);
  m_timeout->setValue(30);
  m_timeout->setFixedWidth(72);
  row->addWidget(new TextLabel(tr("Give up after")));
  row->addWidget(m_timeout);
  row->addWidget(new TextLabel(tr("seconds")));
  row->addStretch();
  column.addWidget(m_timeoutRow);
  connect(m_timeout, &QSpinBox::valueChanged, this, &SaveForm::changed);
}

void SaveForm::setTarget(SaveTarget target) {
  m_target = target;
  refreshRows();
}

void SaveForm::setName(const QString& name) {
  m_name->setText(name);
}
void SaveForm::focusFirst() {
  m_name->setFocus();
  m_name->selectAll();
}
QString SaveForm::folder() const {
  return QDir::fromNativeSeparators(m_folder->text());
}
void SaveForm::setAddress(const QString& address) {
  m_address->setText(address);
}

void SaveForm::setReceiver(const QString& address, const QString& token) {
  m_method->setCurrentIndex(0);
  m_address->setText(address + QStringLiteral("/upload/") + m_name->text().trimmed());
  m_signIn->setCurrentIndex(Bearer);
  m_secret->setText(token);
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
  for (QWidget* widget : {static_cast<QWidget*>(m_httpRows), static_cast<QWidget*>(m_headers),
                          static_cast<QWidget*>(m_certificate), m_timeoutRow}) {
    widget->setVisible(isHttp);
  }
  const int signIn = m_signIn->currentIndex();
  const bool hasUser = signIn == Basic || signIn == Custom;
  m_userRows->setVisible(isHttp && hasUser);
  m_secretRows->setVisible(isHttp && signIn != None);
  m_userLabel->setText(signIn == Custom ? tr("Header") : tr("User"));
  m_secretLabel->setText(signIn == Basic ? tr("Password") : signIn == Bearer ? tr("Token") : tr("Value"));
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

QString SaveForm::urlOf(SaveTarget target) const {
  const QString name = m_name->text().trimmed();
  if (target == SaveTarget::Http) return m_address->text().trimmed();
  if (name.isEmpty() || name.contains(QLatin1Char('/'))) return {};
  switch (target) {
    case SaveTarget::LocalStorage: return QStringLiteral("localstorage://") + name;
    case SaveTarget::IndexedDb: return QStringLiteral("indexeddb://") + name;
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
  request.name = m_name->text().trimmed();
  request.contents.includeOptimizer = m_optimizer->isChecked();
  request.contents.includeRecipe = m_recipe->isChecked();
  if (const QVariant dtype = m_precision->currentData(); dtype.isValid())
    request.contents.storedAs = static_cast<DType>(dtype.toInt());
  if (m_target == SaveTarget::Folder && m_pieces->currentIndex() != OneFile)
    request.options.shardBytes = std::int64_t(m_pieces->currentIndex() == OwnSize ? m_pieceSize->value() : 4) << 20;
  HttpOptions& http = request.options.http;
  http.method = m_method->label(m_method->currentIndex());
  http.headers = m_headers->headers();
  http.checkCertificate = m_certificate->isChecked();
  http.timeoutMs = m_timeout->value() * 1000;
  addSignIn(http);
  return request;
}

void SaveForm::addSignIn(HttpOptions& http) const {
  const QString user = m_user->text().trimmed();
  const QString secret = m_secret->text();
  switch (m_signIn->currentIndex()) {
    case Basic: http.setBasicAuth(user, secret); break;
    case Bearer: http.setBearerToken(secret); break;
    case Custom:
      if (!user.isEmpty()) http.headers.prepend({user, secret});
      break;
    default: break;
  }
}

}  // namespace layersmith
