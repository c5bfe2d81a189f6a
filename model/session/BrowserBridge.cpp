#include "model/session/BrowserBridge.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFileInfo>
#include <QProcess>
#include <QRandomGenerator>
#include <QSignalBlocker>
#include <QStandardPaths>
#include <QTemporaryFile>
#include <QTimer>

namespace layersmith {

namespace {

constexpr int kStopMs = 5'000;

QString serverProgram(const QString& given) {
  if (!given.isEmpty()) return given;
  const QString beside = QCoreApplication::applicationDirPath() + QStringLiteral("/layersmith-server");
  return QFileInfo(beside).isExecutable() ? beside
                                          : QStandardPaths::findExecutable(QStringLiteral("layersmith-server"));
}

QString makeToken() {
  quint32 words[8];
  QRandomGenerator::system()->fillRange(words);
  return QString::fromLatin1(QByteArray(reinterpret_cast<const char*>(words), sizeof words)
                                 .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

}  // namespace

BrowserBridge::BrowserBridge(QObject* parent) : QObject(parent) {}

BrowserBridge::~BrowserBridge() {
  const QSignalBlocker quiet(this);  // who listened may be half gone
  stop();
  awaitEnded();
}

bool BrowserBridge::writeTokenFile() {
  m_token = makeToken();
  m_tokenFile = std::make_unique<QTemporaryFile>();  // readable by its owner only
  const QByteArray line =
      "sha256:" + QCryptographicHash::hash(m_token.toUtf8(), QCryptographicHash::Sha256).toHex() + '\n';
  return m_tokenFile->open() && m_tokenFile->write(line) == line.size() && m_tokenFile->flush();
}

void BrowserBridge::start(const Settings& settings) {
  if (m_process || m_state == State::Starting) return;
  become(State::Starting);
  launchWhenFree(settings);
}

/// One server at a time has the store, so a new one waits for the last; that takes milliseconds unless it is storing.
void BrowserBridge::launchWhenFree(const Settings& settings) {
  if (m_process || m_state != State::Starting) return;  // stopped meanwhile
  for (QProcess* last : findChildren<QProcess*>(Qt::FindDirectChildrenOnly)) {
    if (last->state() == QProcess::NotRunning) continue;
    connect(
        last, &QProcess::finished, this, [this, settings] { launchWhenFree(settings); }, Qt::QueuedConnection);
    return;
  }
  launch(settings);
}

void BrowserBridge::launch(const Settings& settings) {
  m_problem.clear();
  m_log.clear();
  const QString program = serverProgram(settings.program);
  if (program.isEmpty()) return fail(tr("The program layersmith-server was not found."));
  if (!writeTokenFile()) return fail(tr("No temporary file could be written: %1.").arg(m_tokenFile->errorString()));
  QStringList arguments{QStringLiteral("--port"),          QString::number(settings.port),
                        QStringLiteral("--token-file"),    m_tokenFile->fileName(),
                        QStringLiteral("--cors"),          QStringLiteral("*"),
                        QStringLiteral("--end-with-stdin")};
  if (!settings.storePath.isEmpty()) arguments << QStringLiteral("--store") << settings.storePath;
  m_process = std::make_unique<QProcess>();
  connect(m_process.get(), &QProcess::readyReadStandardOutput, this, &BrowserBridge::readReadyLine);
  connect(m_process.get(), &QProcess::readyReadStandardError, this, &BrowserBridge::readLog);
  connect(m_process.get(), &QProcess::finished, this, &BrowserBridge::ended);
  connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) ended();
  });
  m_process->start(program, arguments);
}

void BrowserBridge::readReadyLine() {
  if (m_state != State::Starting || !m_process->canReadLine()) return;
  m_address = QString::fromUtf8(m_process->readLine()).trimmed().section(u' ', -1);
  m_tokenFile.reset();  // read already
  become(State::Listening);
}

/// A line of a request: time, address, id, method, status, bytes received, bytes sent.
void BrowserBridge::readLog() {
  m_log += m_process->readAllStandardError();
  for (qsizetype end = m_log.indexOf('\n'); end >= 0; end = m_log.indexOf('\n')) {
    const QByteArray line = m_log.left(end);
    m_log.remove(0, end + 1);
    const QList<QByteArray> words = line.split(' ');
    const bool isDone = words.size() == 7 && words[4] == "200";
    if (isDone && (words[3] == "POST" || words[3] == "PUT"))
      Q_EMIT modelArrived();
    else if (isDone && words[3] == "DELETE")
      Q_EMIT modelRemoved();
    else if (m_state == State::Starting)
      m_problem = QString::fromUtf8(line);
  }
}

void BrowserBridge::ended() {
  const QString reason = m_process->error() == QProcess::FailedToStart ? m_process->errorString() : QString();
  m_process.release()->deleteLater();
  m_tokenFile.reset();
  m_address.clear();
  m_token.clear();
  if (m_state == State::Stopped) return;
  if (!reason.isEmpty()) m_problem = reason;
  fail(m_problem.isEmpty() ? tr("The server ended unexpectedly.") : m_problem);
}

void BrowserBridge::fail(const QString& problem) {
  m_problem = problem;
  become(State::Failed);
}

void BrowserBridge::stop() {
  if (m_process) {
    QProcess* const process = m_process.release();
    process->disconnect(this);
    process->setParent(this);
    connect(process, &QProcess::finished, process, &QObject::deleteLater);
    process->closeWriteChannel();
    process->terminate();
    QTimer::singleShot(kStopMs, process, &QProcess::kill);
  }
  m_tokenFile.reset();
  m_address.clear();
  m_token.clear();
  become(State::Stopped);
}

void BrowserBridge::awaitEnded() {
  for (QProcess* process : findChildren<QProcess*>(Qt::FindDirectChildrenOnly)) {
    process->disconnect();
    if (process->state() != QProcess::NotRunning && !process->waitForFinished(kStopMs)) {
      process->kill();
      process->waitForFinished();
    }
    delete process;
  }
}

void BrowserBridge::become(State state) {
  if (m_state == state) return;
  m_state = state;
  Q_EMIT stateChanged();
}

QString BrowserBridge::modelSnippet() const {
  return QStringLiteral(
             "await model.save(tf.io.http('%1/upload/my-model',\n"
             "    {requestInit: {headers: {Authorization: 'Bearer %2'}}}), {includeOptimizer: true});\n")
      .arg(m_address, m_token);
}

QString BrowserBridge::storesSnippet() const {
  return QStringLiteral(
             "for (const url of Object.keys(await tf.io.listModels())) {\n"
             "  const name = url.split('://')[1].replace(/[^A-Za-z0-9._-]/g, '-').replace(/^\\.+/, '') || 'model';\n"
             "  const artifacts = await tf.io.getLoadHandlers(url)[0].load();\n"
             "  await tf.io.http(`%1/upload/${name}`,\n"
             "      {requestInit: {headers: {Authorization: 'Bearer %2'}}}).save(artifacts);\n"
             "}\n")
      .arg(m_address, m_token);
}

QString BrowserBridge::loadSnippet(const QString& name) const {
  return QStringLiteral(
             "const model = await tf.loadLayersModel('%1/models/%3/model.json',\n"
             "    {requestInit: {headers: {Authorization: 'Bearer %2'}}});\n")
      .arg(m_address, m_token, name);
}

}  // namespace layersmith
