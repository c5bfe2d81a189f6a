#include "tests/app/CliRunner.h"
#include "tests/support/Patience.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTcpServer>

#include <csignal>
#include <functional>

using namespace layersmith;

namespace {

/// Has a handler of its own for the signal; until then it would just end.
bool catches(qint64 process, int signal) {
  QFile status(QStringLiteral("/proc/%1/status").arg(process));
  if (!status.open(QIODevice::ReadOnly)) return false;
  const QByteArrayList lines = status.readAll().split('\n');
  for (const QByteArray& line : lines)
    if (line.startsWith("SigCgt:")) return (line.mid(7).trimmed().toULongLong(nullptr, 16) >> (signal - 1)) & 1U;
  return false;
}

}  // namespace

/// What `train` promises: it learns, says how far it is, obeys Ctrl-C, and goes on where it stopped.
class tst_CliTraining : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QDir(m_cli.path(QStringLiteral("home/recovery"))).removeRecursively(); }
  void learnsIris();
  void trainsOnATable();
  void trainsARegression();
  void trainsOnImages();
  void takesStepsOverGivenTensors();
  void isReproducible();
  void reportsProgress();
  void stopsOnInterrupt();
  void goesOnBitForBit_data();
  void goesOnBitForBit();
  void goesOnAfterAKill();
  void goesOnWithGivenTensors();
  void keepsWhatCouldNotBeSaved();
  void keepsWhatWasStoppedOnItsWay();
  void replacesNoOtherVersion();
  void saysWhatItCannotGoOnWith();
  void goesOnWithTheOptimizer();

 private:
  /// Starts a training, and sends the signal when `isTime`. Gives what it left on standard output and error.
  CliRunner::Answer stop(const QString& words, int signal,
                         const std::function<bool(qint64 process, const QByteArray& errors)>& isTime);
  QStringList keptFiles() const { return QDir(m_cli.path(QStringLiteral("home/recovery/cli"))).entryList(QDir::Files); }
  QByteArray bytes(const QString& name) const {
    QFile file(m_cli.path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }

  CliRunner m_cli;
};

namespace {

QString s(const char* text) {
  return QString::fromUtf8(text);
}

double last(const CliRunner::Answer& answer, const char* key) {
  return answer.result[s("history")][s(key)].toArray().last().toDouble();
}

}  // namespace

void tst_CliTraining::learnsIris() {
  int good = 0;
  QStringList accuracies;
  for (int seed = 1; seed <= 10; ++seed) {
    const auto answer = m_cli.json(s("train --template iris --seed %1").arg(seed));
    QVERIFY2(answer.exitCode == 0, answer.out + answer.err);
    const double accuracy = last(answer, "val_acc");
    accuracies << QString::number(accuracy, 'f', 4);
    if (accuracy >= 0.95) ++good;
    const QJsonArray losses = answer.result[s("history")][s("loss")].toArray();
    QVERIFY(losses.last().toDouble() < 0.5 * losses.first().toDouble());
  }
  qInfo("validation accuracy on Iris, seeds 1-10: %s", qPrintable(accuracies.join(s(" "))));
  QVERIFY2(good >= 9, qPrintable(s("%1 of 10 seeds").arg(good)));
}

void tst_CliTraining::trainsOnATable() {
  QByteArray table = "height,colour,noise,kind\n";
  for (int i = 0; i < 120; ++i)
    table += QByteArray::number(i % 40) + (i % 2 ? ",red," : ",blue,") + QByteArray::number((i * 37) % 11) +
             (i % 40 >= 20 ? ",tall\n" : ",short\n");
  m_cli.write(s("table.csv"), table);
  const auto answer = m_cli.json(
      s("train --data table.csv --target kind --features height,colour --epochs 60 --batch-size 16 --optimizer adam "
        "--learning-rate 0.02 --loss binaryCrossentropy --metrics accuracy --validation-split 0.25 --seed 3 --save "
        "model"));
  QVERIFY2(answer.exitCode == 0, answer.out + answer.err);
  QCOMPARE(answer.result[s("epochs")].toInt(), 60);
  QCOMPARE(answer.result[s("validationRows")].toInt(), 30);
  QVERIFY2(last(answer, "val_acc") >= 0.9, qPrintable(QString::number(last(answer, "val_acc"))));
  const auto predicted = m_cli.json(s("predict model --row 35,red"));
  QCOMPARE(predicted.result[s("predictions")][0][s("label")].toString(), s("tall"));
  QCOMPARE(m_cli.json(s("info model")).result[s("inputs")][0][s("shape")].toArray(), (QJsonArray{QJsonValue::Null, 3}));
  const auto sparse = m_cli.json(s("train --data iris --loss sparseCategoricalCrossentropy --epochs 30 --seed 1"));
  QVERIFY2(sparse.exitCode == 0, sparse.out);
  QVERIFY(last(sparse, "acc") > 0.8);
}

void tst_CliTraining::trainsARegression() {
  QByteArray table = "x,y\n";
  for (int i = 0; i < 100; ++i) table += QByteArray::number(i * 0.1) + ',' + QByteArray::number(3 * i * 0.1 - 2) + '\n';
  m_cli.write(s("line.csv"), table);
  const auto answer = m_cli.json(s("train --data line.csv --epochs 150 --seed 1 --save line"));
  QVERIFY2(answer.exitCode == 0, answer.out + answer.err);
  QVERIFY(last(answer, "val_loss") < 0.5);
  const auto predicted = m_cli.json(s("predict line --row 5"));
  QVERIFY(qAbs(predicted.result[s("predictions")][0][s("value")].toDouble() - 13) < 1.5);
  QVERIFY(m_cli.json(s("evaluate line --data line.csv")).result[s("loss")].toDouble() < 0.5);
}

void tst_CliTraining::trainsOnImages() {
  const auto answer = m_cli.json(s("train --template digits --epochs 6 --seed 1 --save digits"));
  QVERIFY2(answer.exitCode == 0, answer.out + answer.err);
  qInfo("validation accuracy on made digits: %.4f", last(answer, "val_acc"));
  QVERIFY(last(answer, "val_acc") > 0.8);
  QCOMPARE(m_cli.json(s("evaluate digits")).exitCode, 0);
}

void tst_CliTraining::takesStepsOverGivenTensors() {
  QJsonArray xs, ys;
  for (int i = 0; i < 24; ++i) {
    xs.append(i % 2 ? 1 : -1);
    xs.append((i % 5) * 0.1);
    ys.append(i % 2);
  }
  const auto tensor = [](int width, const QJsonArray& values) {
    return QJsonObject{{s("shape"), QJsonArray{24, width}}, {s("dtype"), s("float32")}, {s("values"), values}};
  };
  const QJsonObject data = {{s("xs"), QJsonArray{tensor(2, xs)}}, {s("ys"), QJsonArray{tensor(1, ys)}}};
  m_cli.write(s("data.json"), QJsonDocument(data).toJson());
  const auto answer = m_cli.json(s("train --template twoMoons --data-json data.json --steps 7 --batch-size 10"));
  QVERIFY2(answer.exitCode == 0, answer.out + answer.err);
  const QJsonArray steps = answer.result[s("steps")].toArray();
  QCOMPARE(steps.size(), 7);
  QVERIFY(steps[0][s("loss")].isDouble() && steps[6][s("loss")].toDouble() < steps[0][s("loss")].toDouble());
  const auto whole = m_cli.json(s("train --template twoMoons --data-json data.json --steps 3"));
  QCOMPARE(whole.result[s("steps")].toArray().size(), 3);
  QCOMPARE(m_cli.json(s("train --template iris --data-json data.json --steps 3")).exitCode, 4);
}

void tst_CliTraining::isReproducible() {
  const auto first = m_cli.json(s("train --template twoMoons --epochs 5 --seed 9"));
  const auto again = m_cli.json(s("train --template twoMoons --epochs 5 --seed 9"));
  const auto other = m_cli.json(s("train --template twoMoons --epochs 5 --seed 10"));
  QCOMPARE(first.result[s("history")], again.result[s("history")]);
  QVERIFY(first.result[s("history")] != other.result[s("history")]);
}

void tst_CliTraining::reportsProgress() {
  const auto answer = m_cli.json(s("train --template twoMoons --epochs 4 --progress json"));
  const QList<QByteArray> lines = answer.err.trimmed().split('\n');
  QCOMPARE(lines.size(), 4);
  for (int i = 0; i < 4; ++i) {
    const QJsonDocument line = QJsonDocument::fromJson(lines[i]);
    QCOMPARE(line[s("epoch")].toInt(), i + 1);
    QCOMPARE(line[s("epochs")].toInt(), 4);
    QVERIFY(line[s("loss")].isDouble() && line[s("val_loss")].isDouble() && line[s("secondsLeft")].isDouble());
  }
  QVERIFY(m_cli.text(s("train --template twoMoons --epochs 4")).err.contains("epoch 4/4"));
  const auto quiet = m_cli.text(s("train --template twoMoons --epochs 4 --quiet"));
  QVERIFY(quiet.out.isEmpty() && quiet.err.isEmpty());
}

void tst_CliTraining::stopsOnInterrupt() {
  QProcess process;
  m_cli.prepare(process);
  process.setArguments(s("train --template spirals --epochs 1000000 --save indexeddb://stopped --progress json --json")
                           .split(QLatin1Char(' ')));
  process.start();
  QVERIFY(process.waitForStarted());
  process.setReadChannel(QProcess::StandardError);
  QVERIFY(process.waitForReadyRead(kPatienceMs));
  QElapsedTimer timer;
  timer.start();
  ::kill(pid_t(process.processId()), SIGINT);
  QVERIFY(process.waitForFinished(kPatienceMs));
  qInfo("stopped %lld ms after Ctrl-C", timer.elapsed());
  QCOMPARE(process.exitStatus(), QProcess::NormalExit);
  QCOMPARE(process.exitCode(), 130);
  const QJsonObject result = QJsonDocument::fromJson(process.readAllStandardOutput())[s("result")].toObject();
  QCOMPARE(result[s("stopped")].toBool(), true);
  QVERIFY(result[s("epochs")].toInt() >= 1);
  QCOMPARE(m_cli.json(s("info indexeddb://stopped")).exitCode, 0);
}

CliRunner::Answer tst_CliTraining::stop(const QString& words, int signal,
                                        const std::function<bool(qint64 process, const QByteArray& errors)>& isTime) {
  QProcess process;
  m_cli.prepare(process);
  process.setArguments((words + s(" --progress json --json")).split(QLatin1Char(' ')));
  process.start();
  CliRunner::Answer answer;
  if (!process.waitForStarted()) return answer;
  const bool isUnderWay = QTest::qWaitFor(
      [&] {
        answer.err += process.readAllStandardError();
        return process.state() != QProcess::Running || isTime(process.processId(), answer.err);
      },
      kPatienceMs);
  if (!isUnderWay || process.state() != QProcess::Running) {
    process.kill();
    qWarning("the moment to stop did not come: %s", answer.err.constData());
  } else {
    ::kill(pid_t(process.processId()), signal);
  }
  process.waitForFinished(kPatienceMs);
  answer.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
  answer.out = process.readAllStandardOutput();
  answer.err += process.readAllStandardError();
  answer.json = QJsonDocument::fromJson(answer.out).object();
  answer.result = answer.json[s("result")].toObject();
  return answer;
}

void tst_CliTraining::goesOnBitForBit_data() {
  QTest::addColumn<QString>("training");
  QTest::addColumn<int>("signal");
  QByteArray table = "x,y,kind\n";
  for (int i = 0; i < 200; ++i)
    table += QByteArray::number(i % 17) + ',' + QByteArray::number(i * 0.3) + (i % 3 ? ",a\n" : ",b\n");
  m_cli.write(s("kinds.csv"), table);
  QTest::newRow("iris, Ctrl-C") << "--template iris --batch-size 7" << SIGINT;
  QTest::newRow("table, SIGTERM") << "--data kinds.csv --validation-split 0.1 --optimizer rmsprop" << SIGTERM;
  QTest::newRow("images in order") << "--template digits --no-shuffle --threads 1" << SIGINT;
}

/// Stopped in the middle without --save, twice, it comes to the weights of a training that nobody stopped. (Threads are
/// chosen by time: two trainings of a model that is worth several may choose unlike, and then round unlike.)
void tst_CliTraining::goesOnBitForBit() {
  QFETCH(QString, training);
  QFETCH(int, signal);
  const auto isUnderWay = [](qint64, const QByteArray& errors) { return errors.count('\n') >= 3; };
  const auto first = stop(s("train %1 --seed 5 --epochs 1000000").arg(training), signal, isUnderWay);
  QCOMPARE(first.exitCode, 130);
  const QString name = first.result[s("resume")].toString();
  QVERIFY2(first.err.contains("layersmith-cli train --resume " + name.toUtf8()), first.err);
  QVERIFY(keptFiles().contains(name + s(".data")));

  const auto second = stop(s("train --resume %1").arg(name), signal, isUnderWay);
  QCOMPARE(second.exitCode, 130);
  QCOMPARE(second.result[s("resume")].toString(), name);
  const int done = second.result[s("epochs")].toInt();
  QVERIFY(done >= first.result[s("epochs")].toInt() + 3);

  const QString ending = s(" --epochs %1 --include-optimizer --save ").arg(done + 5);
  const auto resumed = m_cli.json(s("train --resume %1").arg(name) + ending + s("resumed --force"));
  QVERIFY2(resumed.exitCode == 0, resumed.out + resumed.err);
  const auto whole = m_cli.json(s("train %1 --seed 5").arg(training) + ending + s("whole --force"));
  QVERIFY2(whole.exitCode == 0, whole.out + whole.err);
  QCOMPARE(resumed.result[s("history")], whole.result[s("history")]);
  QVERIFY(bytes(s("whole/weights.bin")).size() > 100);
  QVERIFY(bytes(s("resumed/weights.bin")) == bytes(s("whole/weights.bin")));
  QCOMPARE(bytes(s("resumed/model.json")), bytes(s("whole/model.json")));
  QVERIFY(resumed.result[s("resume")].isNull());
  QCOMPARE(keptFiles(), QStringList());
}

void tst_CliTraining::goesOnAfterAKill() {
  const auto isKept = [this] { return !keptFiles().filter(s(".checkpoint")).isEmpty(); };
  QString name;
  stop(s("train --template twoMoons --seed 3 --epochs 10000000"), SIGKILL, [&](qint64, const QByteArray&) {
    if (!isKept()) return false;
    name = keptFiles().filter(s(".checkpoint")).front().section(u'.', 0, 0);
    const auto busy = m_cli.json(s("train --resume ") + name);
    return busy.exitCode == 8 && busy.errorMessage().contains(s("being trained by process"));
  });
  QVERIFY(!name.isEmpty());

  // Nobody says where to save it: it stays kept, and is there to be saved.
  const auto unsaved = m_cli.text(s("train --resume --epochs 1"));
  QVERIFY2(unsaved.exitCode == 0, unsaved.err);
  QVERIFY2(unsaved.err.contains("not saved anywhere"), unsaved.err);
  const auto saved = m_cli.json(s("train --resume %1 --epochs 1 --save killed").arg(name));
  QVERIFY2(saved.exitCode == 0, saved.out);
  QVERIFY(saved.result[s("epochs")].toInt() > 100);
  QCOMPARE(keptFiles(), QStringList());
  QCOMPARE(m_cli.json(s("info killed")).exitCode, 0);
}

void tst_CliTraining::goesOnWithGivenTensors() {
  m_cli.write(s("line.json"), R"({"xs": [{"shape": [4, 2], "dtype": "float32", "values": [0, 0, 0, 1, 1, 0, 1, 1]}],
                                  "ys": [{"shape": [4, 1], "dtype": "float32", "values": [0, 1, 1, 0]}]})");
  QElapsedTimer clock;
  const auto first = stop(s("train --template twoMoons --data-json line.json --batch-size 3 --steps 1000000000"),
                          SIGINT, [&](qint64 process, const QByteArray&) {
                            if (!clock.isValid() && catches(process, SIGINT)) clock.start();
                            return clock.isValid() && clock.elapsed() > 300;  // a step takes microseconds
                          });
  QCOMPARE(first.exitCode, 130);
  const qsizetype done = first.result[s("steps")].toArray().size();
  const QString name = first.result[s("resume")].toString();
  QCOMPARE(m_cli.json(s("train --resume ") + name).errorCode(), s("usage"));
  const auto resumed = m_cli.json(s("train --resume %1 --data-json line.json --steps %2").arg(name).arg(done + 3));
  QVERIFY2(resumed.exitCode == 0, resumed.out);
  const auto whole =
      m_cli.json(s("train --template twoMoons --data-json line.json --batch-size 3 --steps %1").arg(done + 3));
  const QJsonArray steps = resumed.result[s("steps")].toArray(), all = whole.result[s("steps")].toArray();
  QCOMPARE(steps.size(), 3);
  for (qsizetype i = 0; i < 3; ++i) QCOMPARE(steps[i], all[done + i]);
  QCOMPARE(m_cli.json(s("train --resume %1 --data-json line.json --steps 1 --save given").arg(name)).exitCode, 0);
  QCOMPARE(keptFiles(), QStringList());
}

void tst_CliTraining::keepsWhatCouldNotBeSaved() {
  const auto failed = m_cli.json(s("train --template twoMoons --epochs 4 --seed 2 --save /dev/null/model"));
  QVERIFY(failed.exitCode != 0);
  const QString hint = failed.json[s("error")][s("hint")].toString();
  QVERIFY2(hint.contains(s("train --resume ")), failed.out);
  const auto saved = m_cli.json(s("train --resume --save late"));
  QVERIFY2(saved.exitCode == 0, saved.out);
  m_cli.json(s("train --template twoMoons --epochs 4 --seed 2 --save direct"));
  QVERIFY(bytes(s("late/weights.bin")).size() > 100);
  QVERIFY(bytes(s("late/weights.bin")) == bytes(s("direct/weights.bin")));
  QCOMPARE(keptFiles(), QStringList());
}

/// Ctrl-C while a training that ended is sent to a server that does not answer.
void tst_CliTraining::keepsWhatWasStoppedOnItsWay() {
  QTcpServer silent;
  QVERIFY(silent.listen(QHostAddress::LocalHost));
  const auto stopped = stop(
      s("train --template twoMoons --epochs 4 --seed 2 --save http://127.0.0.1:%1/upload").arg(silent.serverPort()),
      SIGINT, [&](qint64, const QByteArray&) { return silent.hasPendingConnections(); });
  QCOMPARE(stopped.exitCode, 130);
  QCOMPARE(keptFiles().filter(s(".checkpoint")).size(), 1);
  QCOMPARE(m_cli.json(s("train --resume --save arrived")).exitCode, 0);
  m_cli.json(s("train --template twoMoons --epochs 4 --seed 2 --save direct2"));
  QCOMPARE(bytes(s("arrived/weights.bin")), bytes(s("direct2/weights.bin")));
}

/// What another program saved while a model was trained in place is not overwritten, and the training is not lost.
void tst_CliTraining::replacesNoOtherVersion() {
  QCOMPARE(m_cli.json(s("train --template twoMoons --epochs 1 --save mine")).exitCode, 0);
  QCOMPARE(m_cli.json(s("train --template twoMoons --epochs 2 --save theirs")).exitCode, 0);
  const auto refused =
      stop(s("train mine --epochs 10000000 --save mine"), SIGINT, [&](qint64, const QByteArray& errors) {
        return errors.contains('\n') && m_cli.json(s("copy theirs mine --force")).exitCode == 0;
      });
  QCOMPARE(refused.errorCode(), s("E203"));
  QCOMPARE(bytes(s("mine/weights.bin")), bytes(s("theirs/weights.bin")));
  QCOMPARE(keptFiles().filter(s(".checkpoint")).size(), 1);
  QCOMPARE(m_cli.json(s("train --resume --epochs 1 --save both")).exitCode, 0);
}

void tst_CliTraining::saysWhatItCannotGoOnWith() {
  const auto none = m_cli.json(s("train --resume"));
  QCOMPARE(none.exitCode, 3);
  QVERIFY2(none.errorMessage().contains(s("no training to go on with")), none.out);
  const auto named = m_cli.json(s("train --resume other"));
  QCOMPARE(named.exitCode, 3);
  QVERIFY2(named.errorMessage().contains(s("'other'")), named.out);
  const auto both = m_cli.json(s("train --resume other --template iris"));
  QCOMPARE(both.exitCode, 2);
  QVERIFY2(both.errorMessage().contains(s("--template")), both.out);
}

void tst_CliTraining::goesOnWithTheOptimizer() {
  const auto begun = m_cli.json(s("train --template twoMoons --epochs 5 --seed 4 --save begun --include-optimizer"));
  QCOMPARE(begun.exitCode, 0);
  const auto more = m_cli.json(s("train begun --epochs 5 --seed 4 --save begun --include-optimizer"));
  QVERIFY2(more.exitCode == 0, more.out);
  QVERIFY(last(more, "loss") < last(begun, "loss"));
  QVERIFY(more.result[s("history")][s("loss")][0].toDouble() < begun.result[s("history")][s("loss")][0].toDouble());
  const QJsonValue config = m_cli.json(s("info begun")).result[s("trainingConfig")];
  QCOMPARE(config[s("optimizer_config")][s("class_name")].toString(), s("Adam"));
}

QTEST_GUILESS_MAIN(tst_CliTraining)
#include "tst_CliTraining.moc"
