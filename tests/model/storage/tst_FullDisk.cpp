// Saves to a disk that is really full.
#include "model/core/Limits.h"
#include "model/server/StoreService.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/folder/FolderStore.h"
#include "model/storage/http/MultipartBody.h"
#include "tests/support/Generations.h"
#include "tests/support/SmallDisk.h"

#include <QDirIterator>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QTemporaryDir>

using namespace layersmith;
using namespace layersmith::fixtures;

namespace {

constexpr std::int64_t kDisk = 6 * limits::kMiB, kMegabyte = limits::kMiB / 4;  // in floats

/// A model that the server's check takes: one Dense layer, all of its weights `value`.
ModelArtifacts dense(float value, std::int64_t units) {
  ModelArtifacts artifacts = sized(units * 256, value);
  const Json layer{
      {"class_name", "Dense"},
      {"config", {{"name", "w"}, {"units", units}, {"use_bias", false}, {"batch_input_shape", {nullptr, 256}}}}};
  artifacts.modelTopology =
      Json{{"class_name", "Sequential"}, {"config", {{"name", "m"}, {"layers", Json::array({layer})}}}};
  artifacts.weightSpecs.front().shape = {256, units};
  return artifacts;
}

/// Of "5.2 MiB" as messages have it.
double bytesOf(const QString& number, const QString& unit) {
  const qsizetype power =
      QStringList{QStringLiteral("bytes"), QStringLiteral("KiB"), QStringLiteral("MiB")}.indexOf(unit);
  return power < 0 ? -1 : number.toDouble() * double(1 << (10 * power));
}

struct Figures {
  QString volume;
  double free = -1, needed = -1;
};

Figures figuresOf(const Error& error) {
  static const QRegularExpression pattern(
      QStringLiteral("^Not saved: (\\S+) has ([0-9.]+) (\\w+) free, ([0-9.]+) (\\w+) needed\\. Your old file is "
                     "unchanged\\. Free space or save elsewhere\\.$"));
  const QRegularExpressionMatch match = pattern.match(QString::fromStdString(error.message()));
  return {match.captured(1), bytesOf(match.captured(2), match.captured(3)),
          bytesOf(match.captured(4), match.captured(5))};
}

}  // namespace

class TestFullDisk : public QObject {
  Q_OBJECT

 public:
  explicit TestFullDisk(QString refusal) : m_refusal(std::move(refusal)) {}

 private Q_SLOTS:
  void init();
  void keepsWhatIsThere_data();
  void keepsWhatIsThere();
  void tellsTheFigures();
  void storeTellsTheFigures();
  void saysThatTheDiskIsReadOnly();
  void savesIntoAMountPoint();
  void serverKeepsWhatIsThere();

 private:
  QString at(const char* name) const { return m_disk->folder() + u'/' + QString::fromLatin1(name); }
  /// Every file and folder, with its size.
  QStringList everything() const;

  QString m_refusal;
  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<SmallDisk> m_disk;
};

void TestFullDisk::init() {
  if (!m_refusal.isEmpty()) QSKIP(qPrintable(m_refusal));
  m_disk.reset();
  m_folder = std::make_unique<QTemporaryDir>();
  m_disk = std::make_unique<SmallDisk>(m_folder->path(), kDisk);
  if (!m_disk->problem().isEmpty()) QSKIP(qPrintable(m_disk->problem()));
  QVERIFY(m_disk->freeBytes() == kDisk);
}

QStringList TestFullDisk::everything() const {
  QStringList found;
  QDirIterator it(m_disk->folder(), QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                  QDirIterator::Subdirectories);
  while (it.hasNext()) {
    const QFileInfo info(it.next());
    found.append(QStringLiteral("%1 %2").arg(info.filePath()).arg(info.isFile() ? info.size() : 0));
  }
  found.sort();
  return found;
}

void TestFullDisk::keepsWhatIsThere_data() {
  QTest::addColumn<QString>("place");
  QTest::addColumn<std::int64_t>("floats");
  QTest::addColumn<bool>("toTrash");
  const auto row = [](const char* name, const QString& place, std::int64_t floats) {
    for (const bool toTrash : {false, true})
      QTest::addRow("%s%s", name, toTrash ? ", replaced to Trash" : "") << place << floats << toTrash;
  };
  row("folders", QStringLiteral("DISK/m%1"), kMegabyte);
  row("download pairs", QStringLiteral("DISK/m%1.json"), kMegabyte);
  row("folders with other files", QStringLiteral("DISK/m%1/"), kMegabyte);
  row("IndexedDB, weights in files", QStringLiteral("indexeddb://m%1"), kMegabyte + 1'000);
  row("IndexedDB, weights in rows", QStringLiteral("indexeddb://m%1"), kMegabyte - 1'000);
}

/// Saves until the disk is full: all that was saved stays whole, nothing else is left, and a smaller save works.
void TestFullDisk::keepsWhatIsThere() {
  QFETCH(QString, place);
  QFETCH(std::int64_t, floats);
  QFETCH(bool, toTrash);
  const bool isStore = place.startsWith(QStringLiteral("indexeddb"));
  const auto url = [&](int number) {
    return QString(place).replace(QStringLiteral("DISK"), m_disk->folder()).arg(number);
  };
  auto library = std::make_unique<ModelLibrary>(at("home/store.sqlite"));
  SaveOptions replace;
  replace.overwrite = true;
  replace.replacedToTrash = toTrash;
  QStringList before;
  std::optional<Error> full;
  int saved = 0;
  for (; !full && saved < 20; ++saved) {
    if (place.endsWith(u'/')) {
      QDir().mkpath(url(saved));
      write(url(saved) + QStringLiteral("notes.txt"), "mine");
    }
    before = everything();
    try {
      library->save(url(saved), generation(saved + 1, floats));
    } catch (const Error& error) {
      full = error;
      break;
    }
  }
  QVERIFY(full && saved >= 3 && saved <= 5);
  QVERIFY2(full->code() == "E201" && full->kind() == ErrorKind::NoSpace, full->what());
  if (!isStore) QCOMPARE(everything(), before);
  const Error again = errorOf([&] { library->save(url(0), generation(30, 2 * kDisk / 4), replace); });
  QVERIFY2(again.code() == "E201" && again.kind() == ErrorKind::NoSpace, again.what());
  if (!isStore) QCOMPARE(everything(), before);
  const QString message = QString::fromStdString(again.message());
  QVERIFY2(message.startsWith(QStringLiteral("Not saved: %1 has ").arg(m_disk->folder())) &&
               message.endsWith(QStringLiteral(" needed. Your old file is unchanged. Free space or save elsewhere.")),
           again.what());
  for (int number = 0; number < saved; ++number) QCOMPARE(generationOf(library->load(url(number))), number + 1);
  QVERIFY(!library->contains(url(saved)));
  // What was to be replaced stays, and only where it is.
  const auto trash = [&] { return library->store(parsePlace(url(0)).scheme).trash(); };
  QVERIFY(trash().empty());
  library->save(url(saved), generation(saved + 1, 1'000));
  library.reset();  // and as a program that has just started finds it
  library = std::make_unique<ModelLibrary>(at("home/store.sqlite"));
  for (int number = 0; number <= saved; ++number) QCOMPARE(generationOf(library->load(url(number))), number + 1);
  QVERIFY(m_disk->resize(2 * kDisk));
  library->save(url(saved), generation(40, 900), replace);
  QCOMPARE(trash().size(), toTrash ? 1u : 0u);
}

/// What was free before the save, and what all of it needs, not what is left beside a half-written file.
void TestFullDisk::tellsTheFigures() {
  for (const std::int64_t shardBytes : {std::int64_t(0), limits::kMiB}) {
    ModelLibrary library(at("home/store.sqlite"));
    SaveOptions replace;
    replace.overwrite = true;
    replace.shardBytes = shardBytes;
    library.save(at("m"), generation(1, 2 * kMegabyte), replace);
    const double free = double(m_disk->freeBytes());
    const Error error = errorOf([&] { library.save(at("m"), generation(2, 5 * kMegabyte), replace); });
    const Figures told = figuresOf(error);
    QCOMPARE(told.volume, m_disk->folder());
    QVERIFY2(std::abs(told.free - free) < 0.05 * double(limits::kMiB), error.what());
    QVERIFY2(std::abs(told.needed - 5 * double(limits::kMiB)) < 0.05 * double(limits::kMiB), error.what());
    QCOMPARE(generationOf(library.load(at("m"))), 1);
  }
}

/// Rows of a store too: what was free, and what the model needs.
void TestFullDisk::storeTellsTheFigures() {
  const QString url = QStringLiteral("indexeddb://m");
  ModelLibrary library(at("home/store.sqlite"));
  library.save(url, generation(1, 1'000));
  QFile ballast(at("ballast"));
  QVERIFY(ballast.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
  QVERIFY(ballast.write(QByteArray(m_disk->freeBytes() - limits::kMiB / 2, 'x')) > 0);
  const double free = double(m_disk->freeBytes());
  SaveOptions replace;
  replace.overwrite = true;
  const Error error = errorOf([&] { library.save(url, generation(2, kMegabyte - 1'000), replace); });
  QVERIFY2(error.code() == "E201" && error.kind() == ErrorKind::NoSpace, error.what());
  const Figures told = figuresOf(error);
  QVERIFY2(std::abs(told.free - free) < 0.01 * double(limits::kMiB), error.what());
  QVERIFY2(told.needed > double(limits::kMiB) && told.needed < 1.5 * double(limits::kMiB), error.what());
  QCOMPARE(generationOf(library.load(url)), 1);
}

void TestFullDisk::saysThatTheDiskIsReadOnly() {
  auto library = std::make_unique<ModelLibrary>(at("home/store.sqlite"));
  library->save(at("m"), generation(1, 1'000));
  library->save(at("pair.json"), generation(1, 1'000));
  library->save(QStringLiteral("indexeddb://m"), generation(1, 1'000));
  SaveOptions replace;
  replace.overwrite = true;
  library.reset();
  const QStringList before = everything();
  QVERIFY(m_disk->setReadOnly(true));
  library = std::make_unique<ModelLibrary>(at("home/store.sqlite"));
  const Error folder = errorOf([&] { library->save(at("m"), generation(2, 1'000), replace); });
  const Error pair = errorOf([&] { library->save(at("pair.json"), generation(2, 1'000), replace); });
  const Error removal = errorOf([&] { library->remove(at("m")); });
  const Error store = errorOf([&] { library->save(QStringLiteral("indexeddb://m"), generation(2, 1'000), replace); });
  QCOMPARE(generationOf(library->load(at("m"))), 1);
  QVERIFY(m_disk->setReadOnly(false));
  QCOMPARE(everything(), before);
  for (const Error& error : {folder, pair})
    QVERIFY2(error.code() == "E201" && error.message().find("Not saved: ") == 0 &&
                 error.message().ends_with(": Read-only file system. Your old file is unchanged. Save elsewhere."),
             error.what());
  QVERIFY2(
      removal.code() == "E201" && removal.message().find("'m' was not removed: ") == 0 &&
          removal.message().ends_with(": Read-only file system. Nothing was changed: the model stays where it is."),
      removal.what());
  QVERIFY2(
      store.code() == "E201" &&
          store.message().ends_with("Nothing was changed. Allow writing to it and to its folder, or save elsewhere."),
      store.what());
  QCOMPARE(generationOf(library->load(QStringLiteral("indexeddb://m"))), 1);
}

/// The server wants a gigabyte of room before it takes an upload, so that the disk has to fill up while it runs.
/// A folder that is a mount point, as containers get them, cannot be exchanged for another.
void TestFullDisk::savesIntoAMountPoint() {
  const QString bound = at("bound");
  QVERIFY(QDir().mkpath(bound));
  const QByteArray path = QFile::encodeName(bound);
  QVERIFY(::mount(path.constData(), path.constData(), nullptr, MS_BIND, nullptr) == 0);
  const auto unmount = qScopeGuard([&] { ::umount2(path.constData(), MNT_DETACH); });
  SaveOptions replace;
  replace.overwrite = true;
  FolderStore store(at("trash"));
  for (const QString& place : {bound, m_disk->folder()}) {  // of the same volume, of another one
    for (int number = 1; number <= 3; ++number) {
      store.save(place, generation(number, 1000), replace);
      QCOMPARE(generationOf(store.load(place)), number);
    }
    QCOMPARE(QDir(place).entryList(QDir::Files | QDir::Hidden).size(), 2);
  }
}

void TestFullDisk::serverKeepsWhatIsThere() {
  constexpr std::int64_t kRoom = limits::kServerFreeBytes + 64 * limits::kMiB;
  QVERIFY(m_disk->resize(kRoom));
  const std::unique_ptr<ModelRepository> repository = folderRepository(at("models"));
  StoreService service(*repository, {{}, {}, limits::kServerBodyBytes});
  HttpRequest request;
  request.method = "POST";
  request.path = "/upload/m";
  request.fields = {{"Host", "127.0.0.1"}, {"Content-Type", "multipart/form-data; boundary=B"}};
  enum class Full { Never, WhileItComes, WhenItIsPublished };
  const auto upload = [&](float value, std::int64_t units, Full full) {
    const QByteArray body = multipartBody(uploadParts(dense(value, units)), "B").joined();
    request.id += 'x';
    request.contentLength = body.size();
    QFile ballast(at("ballast"));
    int status = 0;
    try {
      HttpDecision decision = service.decide(request);
      const std::unique_ptr<BodySink> sink = std::get<2>(decision)();
      sink->write(std::string_view(body.constData(), std::size_t(body.size() / 2)));
      if (full != Full::Never && !m_disk->resize(kDisk)) return -1;
      sink->write(std::string_view(body.constData() + body.size() / 2, std::size_t(body.size() - body.size() / 2)));
      if (full == Full::WhenItIsPublished && (!ballast.open(QIODevice::WriteOnly | QIODevice::Unbuffered) ||
                                              ballast.write(QByteArray(m_disk->freeBytes(), 'x')) < 0))
        return -1;
      status = sink->finish().status;
    } catch (const Refusal& refusal) {
      status = refusal.status;
    } catch (const Error& error) {
      status = errorResponse(error).status;
    }
    ballast.remove();
    return m_disk->resize(kRoom) ? status : -1;
  };
  const auto kept = [&] { return ModelLibrary(at("home/s.sqlite")).load(at("models/m")).weightData->joined(); };
  QCOMPARE(upload(1, 1024, Full::Never), 200);  // 1 MB
  const QStringList before = everything();
  const std::int64_t free = m_disk->freeBytes();
  QCOMPARE(upload(2, 6 * 1024, Full::WhileItComes), 507);
  QCOMPARE(upload(3, 2 * 1024, Full::WhenItIsPublished), 507);
  QVERIFY(m_disk->resize(kDisk));
  QCOMPARE(upload(4, 1, Full::WhileItComes), 507);  // too little room to begin with
  QCOMPARE(everything(), before);
  QCOMPARE(m_disk->freeBytes(), free);
  QCOMPARE(kept(), dense(1, 1024).weightData->joined());
  QCOMPARE(upload(5, 512, Full::Never), 200);
  QCOMPARE(kept(), dense(5, 512).weightData->joined());
}

int main(int argc, char** argv) {
  TestFullDisk test(takeOwnMounts());  // before there are threads
  QCoreApplication app(argc, argv);
  return QTest::qExec(&test, argc, argv);
}

#include "tst_FullDisk.moc"
