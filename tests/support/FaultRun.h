#pragma once

#include <QFile>
#include <QProcess>
#include <QString>

/// A program run under fault_shim.cpp. Needs LAYERSMITH_FAULT_SHIM.
namespace layersmith::fixtures {

struct FaultRun {
  int exitCode = -1;
  QString said;    ///< on standard output
  QString struck;  ///< number and name of the call that failed; empty: the fault did not come to it
};

/// Only what the program does below `root`/work counts. `fault`: "ENOSPC:3", "cut:1"; empty: none. `mirror`: a folder
/// for what a power cut leaves (PowerCut.h).
inline FaultRun runUnderFault(const QString& program, const QStringList& arguments, const QString& root,
                              const QString& fault, const QString& mirror = {}) {
  const QString log = root + QStringLiteral("/log");
  QFile::remove(log);
  QProcess process;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert(QStringLiteral("LD_PRELOAD"), QStringLiteral(LAYERSMITH_FAULT_SHIM));
  environment.insert(QStringLiteral("FAULT_BELOW"), root + QStringLiteral("/work"));
  environment.insert(QStringLiteral("FAULT_LOG"), log);
  environment.insert(QStringLiteral("FAULT"), fault);
  environment.insert(QStringLiteral("FAULT_MIRROR"), mirror);
  process.setProcessEnvironment(environment);
  process.start(program, arguments);
  if (!process.waitForFinished(60'000)) qFatal("%s did not end", qPrintable(program));
  QFile struck(log);
  const bool hasLog = !fault.isEmpty() && struck.open(QIODevice::ReadOnly);
  return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()).trimmed(),
          hasLog ? QString::fromUtf8(struck.readAll()).trimmed() : QString()};
}

}  // namespace layersmith::fixtures
