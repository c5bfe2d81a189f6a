#include "tests/app/CliRunner.h"

#include <QElapsedTimer>

#include <csignal>

/// What `train` promises: it learns, says how far it is, obeys Ctrl-C, and goes on where it stopped.
class tst_CliTraining : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void learnsIris();
  void trainsOnATable();
  void trainsARegression();
  void trainsOnImages();
  void takesStepsOverGivenTensors();
  void isReproducible();
  void reportsProgress();
  void stopsOnInterrupt();
  void goesOnWithTheOptimizer();

 private:
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
  QVERIFY(process.waitForReadyRead(20'000));
  QElapsedTimer timer;
  timer.start();
  ::kill(pid_t(process.processId()), SIGINT);
  QVERIFY(process.waitForFinished(20'000));
  qInfo("stopped %lld ms after Ctrl-C", timer.elapsed());
  QCOMPARE(process.exitStatus(), QProcess::NormalExit);
  QCOMPARE(process.exitCode(), 130);
  const QJsonObject result = QJsonDocument::fromJson(process.readAllStandardOutput())[s("result")].toObject();
  QCOMPARE(result[s("stopped")].toBool(), true);
  QVERIFY(result[s("epochs")].toInt() >= 1);
  QCOMPARE(m_cli.json(s("info indexeddb://stopped")).exitCode, 0);
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
