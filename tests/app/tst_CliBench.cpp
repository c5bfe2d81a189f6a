#include "tests/app/CliRunner.h"

#include <QDir>

/// `bench`: its lines, its table, what it refuses. Nothing here looks at how fast anything was.
class tst_CliBench : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void printsOneLinePerWorkload();
  void saysHowManyThreadsItChose();
  void printsATable();
  void givesOneObject();
  void comparesWithAPeer();
  void saysWhatAPeerCouldNotDo();
  void savesAndLoadsBesideTheBareDisk();
  void comparesAQuietMachineWithABusyOne();
  void profilesEachLayer();
  void refusesWrongUsage_data();
  void refusesWrongUsage();

 private:
  void writePeer(const QByteArray& program);

  CliRunner m_cli;
};

namespace {

QString s(const char* text) {
  return QString::fromUtf8(text);
}

}  // namespace

void tst_CliBench::printsOneLinePerWorkload() {
  const auto answer = m_cli.text(s("bench --workloads W1,W2 --threads 1 --repeats 3 --seconds 0 --json-lines"));
  QVERIFY2(answer.exitCode == 0, answer.err);
  const QList<QByteArray> lines = answer.out.trimmed().split('\n');
  QCOMPARE(lines.size(), 2);
  for (const QByteArray& text : lines) {
    const QJsonObject line = QJsonDocument::fromJson(text).object();
    QCOMPARE(line[s("backend")].toString(), s("layersmith"));
    QCOMPARE(line[s("threads")].toInt(), 1);
    QCOMPARE(line[s("n")].toInt(), 3);
    QVERIFY(line[s("best")].toDouble() > 0);
    QVERIFY(line[s("median")].toDouble() >= line[s("best")].toDouble());
    QVERIFY(line[s("p90")].toDouble() >= line[s("median")].toDouble());
    QVERIFY(line[s("peak_mb")].toDouble() > 1);
    QVERIFY(!line.contains(s("error")));
  }
  const QJsonObject fit = QJsonDocument::fromJson(lines[0]).object();
  QCOMPARE(fit[s("name")].toString(), s("W1"));
  QCOMPARE(fit[s("unit")].toString(), s("ms/fit"));
  QVERIFY(fit[s("first")].toDouble() > 0 && fit[s("us_per_step")].toDouble() > 0);
  const QJsonObject step = QJsonDocument::fromJson(lines[1]).object();
  QCOMPARE(step[s("unit")].toString(), s("ms/step"));
  QCOMPARE(step[s("gflop")].toDouble(), 0.5135);
  QVERIFY(step[s("samples_per_s")].toDouble() > 0 && !step.contains(s("first")));
}

void tst_CliBench::saysHowManyThreadsItChose() {
  const QByteArray free = m_cli.text(s("bench --workloads W2 --repeats 1 --seconds 0 --json-lines")).out;
  QVERIFY2(QJsonDocument::fromJson(free).object()[s("thread_choice")].toString().contains(s(" thread")), free);
  const QByteArray set = m_cli.text(s("bench --workloads W2 --repeats 1 --seconds 0 --json-lines --threads 1")).out;
  QVERIFY2(!QJsonDocument::fromJson(set).object().contains(s("thread_choice")), set);
}

void tst_CliBench::printsATable() {
  const auto answer = m_cli.text(s("bench --workloads G0,W1 --repeats 1 --seconds 0"));
  QVERIFY2(answer.exitCode == 0, answer.err);
  QVERIFY2(answer.out.startsWith("oneDNN "), answer.out);
  QVERIFY2(answer.out.contains("\nW1 ") && answer.out.contains("100 %"), answer.out);
}

void tst_CliBench::givesOneObject() {
  const auto answer = m_cli.json(s("bench --workloads W1 --repeats 1 --seconds 0"));
  QCOMPARE(answer.exitCode, 0);
  QVERIFY(answer.result[s("engine")].toString().startsWith(s("oneDNN ")));
  QCOMPARE(answer.result[s("lines")].toArray().size(), 1);
  QCOMPARE(answer.result[s("lines")][0][s("name")].toString(), s("W1"));
}

/// A program in the place of PyTorch's, with figures that are known.
void tst_CliBench::writePeer(const QByteArray& program) {
  QVERIFY(QDir().mkpath(m_cli.path(s("shared/peers/bench"))));
  m_cli.write(s("shared/peers/bench/torch_bench.py"), program);
  qputenv("LAYERSMITH_SHARED", m_cli.path(s("shared")).toUtf8());
}

void tst_CliBench::comparesWithAPeer() {
  qputenv("OPENBLAS_CORETYPE", "Haswell");
  writePeer(R"(import os, sys
assert sys.argv[1] == "1" and "OPENBLAS_CORETYPE" not in os.environ
head = '{"name": "%s", "threads": 1, "unit": "ms", "n": 5, ' % sys.argv[2]
print("a remark")
print(head + '"backend": "torch", "best": 4e9, "median": 5e9, "p90": 6e9}')
print(head + '"backend": "torch-nhwc", "best": 2e9, "median": 8e9, "p90": 9e9}')
)");
  const QString words = s("bench --workloads W1 --against torch --threads 1 --repeats 2 --seconds 0");
  const auto answer = m_cli.json(words);
  QVERIFY2(answer.exitCode == 0, answer.out);
  QCOMPARE(answer.result[s("lines")].toArray().size(), 6);  // G0 and W1, three engines each
  const QJsonArray rows = answer.result[s("comparison")].toArray();
  QCOMPARE(rows.size(), 1);
  const QJsonValue row = rows[0];
  QCOMPARE(row[s("torch")][s("backend")].toString(), s("torch-nhwc"));
  QCOMPARE(row[s("torch")][s("n")].toInt(), 10);
  QCOMPARE(row[s("ours")][s("n")].toInt(), 6);
  QCOMPARE(row[s("ratio")].toDouble(), row[s("ours")][s("best")].toDouble() / 2e9);
  QCOMPARE(row[s("medianRatio")].toDouble(), row[s("ours")][s("median")].toDouble() / 5e9);
  QCOMPARE(row[s("goal")].toDouble(), 0.1);
  QCOMPARE(row[s("isGoalMet")].toBool(), true);
  QVERIFY(row[s("torchPeakMb")].toDouble() > 1);
  const auto text = m_cli.text(words);
  QVERIFY2(text.out.contains("torch-nhwc") && text.out.contains("met"), text.out);
  QVERIFY2(text.err.contains("round 2 of 2: W1 torch"), text.err);
}

void tst_CliBench::saysWhatAPeerCouldNotDo() {
  writePeer("raise SystemExit('no module named torch')");
  const auto answer = m_cli.json(s("bench --workloads W1 --against torch --threads 1 --repeats 3 --seconds 0"));
  QCOMPARE(answer.exitCode, 0);
  const QJsonValue row = answer.result[s("comparison")][0];
  QVERIFY(row[s("ratio")].isNull() && row[s("isGoalMet")].isNull());
  QCOMPARE(row[s("torch")][s("error")].toString(), s("no module named torch"));
}

void tst_CliBench::savesAndLoadsBesideTheBareDisk() {
  qputenv("BENCH_TMP", m_cli.path(QString()).toUtf8());
  const auto answer = m_cli.json(s("bench --workloads W8 --repeats 1 --seconds 0"));
  QCOMPARE(answer.exitCode, 0);
  const QJsonArray lines = answer.result[s("lines")].toArray();
  QCOMPARE(lines.size(), 2);
  for (const QJsonValue& line : lines) {
    QVERIFY2(!line[s("error")].isString(), qPrintable(line[s("error")].toString()));
    QVERIFY(line[s("raw_ms")].toDouble() > 0 && line[s("median")].toDouble() > 0);
    QVERIFY(qAbs(line[s("ratio")].toDouble() * line[s("raw_ms")].toDouble() / line[s("median")].toDouble() - 1) < 2e-3);
  }
  QCOMPARE(lines[0][s("name")].toString(), s("W8-save"));
  QCOMPARE(lines[1][s("name")].toString(), s("W8-load"));
  QVERIFY(QDir(m_cli.path(QString())).entryList({s("layersmith-bench-*")}).isEmpty());
}

void tst_CliBench::comparesAQuietMachineWithABusyOne() {
  const auto answer = m_cli.json(s("bench --busy --workloads W2 --threads 1 --repeats 1 --seconds 0"));
  QCOMPARE(answer.exitCode, 0);
  const QJsonValue row = answer.result[s("busy")][0];
  QCOMPARE(row[s("name")].toString(), s("W2"));
  const double ratio = row[s("busy")].toDouble() / row[s("quiet")].toDouble();
  QVERIFY(ratio > 0 && qAbs(ratio / row[s("ratio")].toDouble() - 1) < 1e-9);
  QCOMPARE(row[s("isGoalMet")].toBool(), row[s("ratio")].toDouble() <= 2.5);
}

void tst_CliBench::profilesEachLayer() {
  const QString words = s("bench --profile --workloads W3s --threads 1 --repeats 1 --seconds 0");
  const auto answer = m_cli.json(words);
  QVERIFY2(answer.exitCode == 0, answer.out);
  const QJsonValue profile = answer.result[s("profile")];
  QVERIFY(profile[s("sgemmGflopPerSecond")].toDouble() > 0 && profile[s("triadGigabytesPerSecond")].toDouble() > 0);
  const QJsonValue workload = profile[s("workloads")][0];
  QCOMPARE(workload[s("name")].toString(), s("W3s"));
  QCOMPARE(workload[s("layers")].toArray().size(), 6);
  const QJsonValue conv = workload[s("layers")][0];
  QCOMPARE(conv[s("className")].toString(), s("Conv2D"));
  QCOMPARE(conv[s("outputShape")].toString(), s("(64, 24, 24, 8)"));
  for (const char* pass : {"forward", "backward"}) {
    QVERIFY(conv[s(pass)][s("ms")].toDouble() > 0 && conv[s(pass)][s("gflopPerSecond")].toDouble() > 0);
    QVERIFY(!conv[s(pass)][s("kernel")].toString().isEmpty());
  }
  const auto text = m_cli.text(words);
  QVERIFY2(text.out.contains("\nconv2d_1 ") && text.out.contains("\nlayers without a step of their own: 1\n"),
           text.out);
}

void tst_CliBench::refusesWrongUsage_data() {
  QTest::addColumn<QString>("words");
  QTest::addColumn<QString>("named");
  QTest::newRow("workload") << s("bench --workloads W1,W99") << s("W99");
  QTest::newRow("engine") << s("bench --against theano") << s("theano");
  QTest::newRow("two modes") << s("bench --growth --busy") << s("--busy");
  QTest::newRow("profile and growth") << s("bench --profile --growth") << s("--growth");
  QTest::newRow("no repeats") << s("bench --repeats 0") << s("--repeats");
}

void tst_CliBench::refusesWrongUsage() {
  QFETCH(QString, words);
  QFETCH(QString, named);
  const auto answer = m_cli.json(words);
  QCOMPARE(answer.exitCode, 2);
  QVERIFY2(answer.errorMessage().contains(named), qPrintable(answer.errorMessage()));
}

QTEST_GUILESS_MAIN(tst_CliBench)
#include "tst_CliBench.moc"
