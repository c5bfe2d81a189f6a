// One of several processes at work on one store. usage: store_worker STORE.sqlite writer|reader ID SEED
// Works until it is killed or its standard input ends. A writer has names of its own, whose content it knows at any
// time, and shares others. Before and after each operation it says what it is about to do and whether it is done:
//   begin TIME URL=GENERATION ...   what the places will hold; 0: nothing, -1: nobody can know
//   done TIME                       acknowledged
//   refused TIME                    for a reason that is nobody's fault: another process came first, or the quota
//   fault TEXT                      what must never be said, or a model that is not what it was
#include "model/storage/ModelLibrary.h"
#include "tests/support/Generations.h"

#include <poll.h>
#include <unistd.h>
#include <cstdio>
#include <ctime>
#include <map>
#include <random>

using namespace layersmith;
using namespace layersmith::fixtures;

namespace {

long long now() {  // one clock for all processes
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000LL + time.tv_nsec / 1000;
}

bool isOver() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return ::poll(&input, 1, 0) != 0;
}

void say(const QString& line) {
  std::puts(line.toUtf8().constData());
  std::fflush(stdout);
}

class Worker {
 public:
  Worker(const char* store, int id, unsigned seed)
      : m_library(QString::fromLocal8Bit(store)), m_id(id), m_random(seed) {}

  void write() {
    const QString mine = own(), other = own(), shared = anyShared();
    switch (below(12)) {
      case 0:
      case 1:
      case 2: return save(mine);
      case 3:
      case 4:
      case 5: return save(shared);
      case 6: return transfer(mine, other, below(2) == 0);
      case 7: return transfer(mine, shared, true);
      case 8: return take(shared, mine);
      case 9: return rename(mine, other);
      case 10: return removeAndRestore(mine);
      default: return check(mine);
    }
  }

  void read() {
    run({}, [&] {
      if (below(4) == 0) {
        for (const ModelEntry& entry : m_library.list())
          if (entry.parameters <= 0 || entry.layerCount != 2 || !entry.problem.isEmpty())
            say(QStringLiteral("fault %1 is listed wrongly").arg(entry.url));
        return;
      }
      const std::vector<ModelEntry> entries = m_library.list();
      const QString url = entries.empty() ? anyShared() : entries[below(entries.size())].url;
      if (generationOf(m_library.load(url)) < 0) say(QStringLiteral("fault %1 is mixed").arg(url));
    });
  }

 private:
  using State = std::map<QString, int>;
  std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(m_random); }
  QString anyShared() { return QStringLiteral("indexeddb://shared%1").arg(below(3)); }
  QString own() {
    const std::size_t number = below(6);
    const QString scheme = number < 4 ? QStringLiteral("indexeddb") : QStringLiteral("localstorage");
    return QStringLiteral("%1://own%2-%3").arg(scheme).arg(m_id).arg(number);
  }
  bool isOwn(const QString& url) const { return url.contains(QStringLiteral("://own")); }
  int stateOf(const QString& url) const { return m_state.contains(url) ? m_state.at(url) : 0; }
  int newGeneration() { return (m_id << 14) + ++m_saves; }  // below 2^24: exact as a float

  /// True: done. What others may do to shared places is no fault; to be told that the store is busy is.
  template <typename Action>
  bool run(const State& after, Action action) {
    QString line = QStringLiteral("begin %1").arg(now());
    for (const auto& [url, generation] : after) line += QStringLiteral(" %1=%2").arg(url).arg(generation);
    say(line);
    try {
      action();
      say(QStringLiteral("done %1").arg(now()));
    } catch (const Error& error) {
      const QString text = QString::fromStdString(error.code() + " " + error.message());
      const bool isOvertaken = error.kind() == ErrorKind::NotFound || error.kind() == ErrorKind::AlreadyExists ||
                               error.code() == "E202" ||
                               (error.code() == "E203" && text.contains(QStringLiteral("by another program")) &&
                                !text.contains(QStringLiteral("in use")));
      if (!isOvertaken) say(QStringLiteral("fault ") + text);
      say(QStringLiteral("refused %1").arg(now()));
      return false;
    }
    for (const auto& [url, generation] : after)
      if (isOwn(url)) m_state[url] = generation;
    return true;
  }

  void save(const QString& url) {
    const int number = newGeneration();
    const bool isLarge = url.startsWith(QStringLiteral("indexeddb")) && below(20) == 0;
    SaveOptions options;
    options.overwrite = true;
    options.replacedToTrash = below(2) == 0;
    const ModelArtifacts artifacts = generation(number, isLarge ? 2'500'000 : 500 + std::int64_t(below(4000)));
    const bool isSaved = run({{url, number}}, [&] { m_library.save(url, artifacts, options); });
    if (isOwn(url) && !isSaved) say(QStringLiteral("fault a save was refused"));
  }

  void transfer(const QString& from, const QString& to, bool isMove) {
    if (from == to || stateOf(from) == 0) return;
    State after{{to, stateOf(from)}};
    if (isMove) after[from] = 0;
    run(after, [&] {
      if (isMove)
        m_library.move(from, to, true);
      else
        m_library.copy(from, to, true);
    });
  }

  /// What it is shows afterwards: others write there too.
  void take(const QString& shared, const QString& mine) {
    run({{shared, 0}, {mine, -1}}, [&] { m_library.move(shared, mine, true); });
    const int found = m_library.contains(mine) ? generationOf(m_library.load(mine)) : 0;
    if (found < 0) say(QStringLiteral("fault %1 is mixed").arg(mine));
    run({{mine, found}}, [] {});
  }

  void rename(const QString& from, const QString& to) {
    if (from == to || parsePlace(from).scheme != parsePlace(to).scheme) return;
    run({{from, 0}, {to, stateOf(from)}}, [&] { m_library.rename(from, parsePlace(to).name); });
  }

  void removeAndRestore(const QString& url) {
    QString id;
    const int before = stateOf(url);
    if (!run({{url, 0}}, [&] { id = m_library.remove(url).id; })) return;
    if (below(3) == 0) return void(run({}, [&] { m_library.emptyTrash(); }));
    run({{url, before}}, [&] { m_library.restore(id); });
  }

  void check(const QString& url) {
    run({}, [&] {
      const int found = m_library.contains(url) ? generationOf(m_library.load(url)) : 0;
      if (found != stateOf(url))
        say(QStringLiteral("fault %1 holds %2 instead of %3").arg(url).arg(found).arg(stateOf(url)));
    });
  }

  ModelLibrary m_library;
  int m_id;
  std::mt19937 m_random;
  State m_state;
  int m_saves = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  const bool writes = std::string_view(argv[2]) == "writer";
  Worker worker(argv[1], std::atoi(argv[3]), unsigned(std::atoi(argv[4])));
  try {
    while (!isOver()) {
      if (writes)
        worker.write();
      else
        worker.read();
    }
  } catch (const std::exception& error) {
    say(QStringLiteral("fault %1").arg(QString::fromUtf8(error.what())));
    return 1;
  }
}
