// How much memory a large model takes: its weights once, in processes of their own. LAYERSMITH_LONG=1: 400 MB.
#include "model/core/Error.h"
#include "model/document/DocumentIo.h"
#include "model/nn/Network.h"
#include "model/storage/ModelLibrary.h"
#include "tests/support/EngineFixtures.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <string_view>

using namespace layersmith;

namespace {

constexpr std::int64_t kUnits = 2048;

/// A chain of Dense layers of 16 MiB each. All share the bytes of one, so that this process stays small: what a child
/// took includes what its parent had when it was made.
DocumentState chainOf(int layers, std::int64_t units) {
  DocumentState state;
  state.graph = fixtures::chain({units}, std::vector<std::pair<std::string, FieldMap>>(
                                             std::size_t(layers), {"Dense", {{"units", units}, {"useBias", false}}}));
  const ByteBlock block(std::size_t(units * units) * sizeof(float));
  std::fill_n(reinterpret_cast<float*>(block.data()), units * units, 1.0f / 1024);
  const auto kernel = std::make_shared<WeightBuffer>(WeightBuffer{DType::Float32, {units, units}, block.share()});
  for (const LayerSpec& layer : state.graph.layers)
    if (layer.className == "Dense") state.weights.set(layer.id, "kernel", kernel);
  return state;
}

/// Runs a program to its end; its largest resident size in bytes, or -1 when it failed.
std::int64_t peakOf(const QStringList& command) {
  std::vector<QByteArray> words;
  for (const QString& word : command) words.push_back(QFile::encodeName(word));
  std::vector<char*> arguments;
  for (QByteArray& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(::open("/dev/null", O_WRONLY), STDOUT_FILENO);
    ::execv(arguments.front(), arguments.data());
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || ::wait4(child, &status, 0, &usage) != child) return -1;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? std::int64_t(usage.ru_maxrss) * 1024 : -1;
}

/// What a child of this test does: --open PLACE makes a ready network, --copy FROM TO STORE loads and saves.
int work(const QStringList& words) {
  try {
    ModelLibrary library(words.back());
    if (words[1] == QStringLiteral("--open")) {
      const OpenedDocument opened = documentFromArtifacts(library.load(words[2]));
      const Network network(opened.state.graph, opened.state.weights);
      return opened.state.weights.empty() ? 1 : 0;
    }
    library.copy(words[2], words[3]);
    return 0;
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}

QString cli() {
  return QStringLiteral(LAYERSMITH_BIN_DIR "/layersmith-cli");
}

}  // namespace

class TestCliLargeModel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void takesItsWeightsOnce_data();
  void takesItsWeightsOnce();
  void cleanupTestCase();

 private:
  QString at(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }
  void save(const char* name, int layers, std::int64_t units) {
    ModelLibrary library(at("store.sqlite"));
    library.save(at(name), artifactsFromDocument(chainOf(layers, units)));
    QFile input(at(name) + QStringLiteral(".in.json"));
    QVERIFY(input.open(QIODevice::WriteOnly));
    const std::vector<float> values(std::size_t(units), 1);
    const Json tensor = {{"shape", {1, units}}, {"dtype", "float32"}, {"values", values}};
    const QByteArray text = toJsonBytes(Json::array({tensor}));
    QCOMPARE(input.write(text), text.size());
  }

  QTemporaryDir m_folder;
  std::int64_t m_bytes = 0;
  QProcess m_server;
  QString m_address;
};

void TestCliLargeModel::initTestCase() {
  const int layers = qEnvironmentVariableIsSet("LAYERSMITH_LONG") ? 25 : 4;
  m_bytes = layers * kUnits * kUnits * std::int64_t(sizeof(float));
  save("large", layers, kUnits);
  save("tiny", layers, 4);
  const auto arguments = QStringLiteral("serve --open --end-with-stdin --port 0 --root").split(u' ');
  m_server.setStandardErrorFile(QProcess::nullDevice());
  m_server.start(cli(), arguments + QStringList{m_folder.path()});
  QVERIFY(m_server.waitForReadyRead(20'000));
  m_address = QString::fromUtf8(m_server.readLine()).trimmed().section(u' ', -1);
  QVERIFY2(m_address.startsWith(QStringLiteral("http://127.0.0.1:")), qPrintable(m_address));
}

void TestCliLargeModel::cleanupTestCase() {
  m_server.closeWriteChannel();
  QVERIFY(m_server.waitForFinished());
}

void TestCliLargeModel::takesItsWeightsOnce_data() {
  QTest::addColumn<QStringList>("command");
  QTest::addColumn<double>("factor");
  const QString self = QCoreApplication::applicationFilePath(), store = at("child.sqlite");
  const auto words = [](std::initializer_list<QString> list) { return QStringList(list); };
  const QString place = QStringLiteral("PLACE");
  QTest::newRow("info") << words({cli(), QStringLiteral("info"), place, QStringLiteral("--json")}) << 1.2;
  QTest::newRow("a ready network") << words({self, QStringLiteral("--open"), place, store}) << 1.2;
  QTest::newRow("from folder to folder") << words({self, QStringLiteral("--copy"), place, place + u'2', store}) << 1.2;
  QTest::newRow("into IndexedDB") << words({self, QStringLiteral("--copy"), place, QStringLiteral("indexeddb://NAME"),
                                            store})
                                  << 1.2;
  QTest::newRow("out of IndexedDB") << words({self, QStringLiteral("--copy"), QStringLiteral("indexeddb://NAME"),
                                              place + u'3', store})
                                    << 1.2;
  const QString address = m_address + QStringLiteral("/models/NAME/model.json");
  QTest::newRow("a download") << words({self, QStringLiteral("--copy"), address, place + u'4', store}) << 1.2;
  QTest::newRow("a download, opened") << words({self, QStringLiteral("--open"), address, store}) << 1.2;
  // Kernels may keep the weights of a layer in an order of their own.
  QTest::newRow("predict") << words({cli(), QStringLiteral("predict"), place, QStringLiteral("--input"),
                                     place + QStringLiteral(".in.json"), QStringLiteral("--json")})
                           << 2.2;
}

void TestCliLargeModel::takesItsWeightsOnce() {
  QFETCH(const QStringList, command);
  QFETCH(const double, factor);
  const auto with = [&](const char* name) {
    QStringList words = command;
    words.replaceInStrings(QStringLiteral("PLACE"), at(name));
    words.replaceInStrings(QStringLiteral("NAME"), QString::fromLatin1(name));
    return words;
  };
  const std::int64_t least = peakOf(with("tiny")), peak = peakOf(with("large"));
  QVERIFY(least > 0 && peak > 0);
  const double taken = double(peak - least) / double(m_bytes);
  qInfo("%.0f MB of weights: %.2f of them, and %.0f MB for the program itself", double(m_bytes) / 1e6, taken,
        double(least) / 1e6);
  QVERIFY(taken > 0.5);  // else nothing was measured
  QVERIFY(taken <= factor);
  if (factor < 2 && qEnvironmentVariableIsSet("LAYERSMITH_LONG")) QVERIFY(double(peak) <= 1.2 * double(m_bytes));
}

int main(int argc, char** argv) {
  QCoreApplication app(argc, argv);
  if (argc > 3 && std::string_view(argv[1]).starts_with("--")) return work(app.arguments());
  TestCliLargeModel test;
  return QTest::qExec(&test, argc, argv);
}

#include "tst_CliLargeModel.moc"
