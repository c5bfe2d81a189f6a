#pragma once

#include <QEventLoop>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

/// Runs layersmith-cli in a folder and with a store of its own.
class CliRunner {
 public:
  struct Answer {
    int exitCode = -1;
    QByteArray out;
    QByteArray err;
    QJsonObject json;    ///< of --json
    QJsonObject result;  ///< json["result"]

    QString errorCode() const { return json[QStringLiteral("error")][QStringLiteral("code")].toString(); }
    QString errorHint() const { return json[QStringLiteral("error")][QStringLiteral("hint")].toString(); }
    QString errorMessage() const { return json[QStringLiteral("error")][QStringLiteral("message")].toString(); }
  };

  QString path(const QString& name) const { return m_folder.filePath(name); }

  QString write(const QString& name, const QByteArray& bytes) const {
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
      qFatal("cannot write %s", qPrintable(name));
    return file.fileName();
  }

  void setVariable(const QString& name, const QString& value) { m_variables.insert(name, value); }

  /// Words separated by spaces, as typed. The event loop runs meanwhile, so that servers of the test can answer.
  Answer text(const QString& words) const { return run(words.split(QLatin1Char(' '), Qt::SkipEmptyParts)); }

  /// The same with --json; checks the form of the one object on standard output.
  Answer json(const QString& words) const {
    Answer answer = run(words.split(QLatin1Char(' '), Qt::SkipEmptyParts) << QStringLiteral("--json"));
    QJsonParseError fault;
    answer.json = QJsonDocument::fromJson(answer.out, &fault).object();
    answer.result = answer.json[QStringLiteral("result")].toObject();
    const QStringList keys = {QStringLiteral("command"), QStringLiteral("error"), QStringLiteral("ok"),
                              QStringLiteral("result"), QStringLiteral("warnings")};
    if (fault.error != QJsonParseError::NoError || answer.json.keys() != keys)
      qWarning("not the one JSON object (%s): %s", qPrintable(fault.errorString()), answer.out.constData());
    return answer;
  }

  void prepare(QProcess& process) const {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("LAYERSMITH_HOME"), path(QStringLiteral("home")));
    environment.insert(QStringLiteral("TEST_TOKEN"), QStringLiteral("secret-token"));
    environment.insert(m_variables);
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(m_folder.path());
    process.setProgram(QStringLiteral(LAYERSMITH_BIN_DIR "/layersmith-cli"));
  }

 private:
  Answer run(const QStringList& arguments) const {
    QProcess process;
    prepare(process);
    process.setArguments(arguments);
    QEventLoop loop;
    QObject::connect(&process, &QProcess::finished, &loop, &QEventLoop::quit);
    QTimer::singleShot(120'000, &loop, &QEventLoop::quit);
    process.start();
    if (process.state() != QProcess::NotRunning) loop.exec();
    if (process.state() != QProcess::NotRunning) {
      process.kill();
      process.waitForFinished();
      qFatal("layersmith-cli %s did not end", qPrintable(arguments.join(QLatin1Char(' '))));
    }
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            process.readAllStandardOutput(),
            process.readAllStandardError(),
            {},
            {}};
  }

  QTemporaryDir m_folder;
  QProcessEnvironment m_variables;
};
