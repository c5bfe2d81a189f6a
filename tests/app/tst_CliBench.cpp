#include "tests/app/CliRunner.h"

/// `bench`: its lines, its table, what it refuses. Nothing here looks at how fast anything was.
class tst_CliBench : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void printsOneLinePerWorkload();
  void printsATable();
  void givesOneObject();
  void refusesAnUnknownWorkload();

 private:
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

void tst_CliBench::refusesAnUnknownWorkload() {
  const auto answer = m_cli.json(s("bench --workloads W1,W99"));
  QCOMPARE(answer.exitCode, 2);
  QVERIFY(answer.errorMessage().contains(s("W99")));
}

QTEST_GUILESS_MAIN(tst_CliBench)
#include "tst_CliBench.moc"
