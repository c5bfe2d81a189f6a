#include "ui/main/Workspace.h"

#include <algorithm>

namespace layersmith {

namespace {

// A stack that is destroyed tells that it is clean; nobody shall hear a document that is going away.
void silence(DocumentContext& context) {
  context.blockSignals(true);
  context.undoStack().blockSignals(true);
  context.document().blockSignals(true);
  context.session().blockSignals(true);
}

}  // namespace

Workspace::~Workspace() {
  for (DocumentContext* context : m_documents) silence(*context);
}

Workspace::Workspace(ComputeThread& compute, QObject* parent) : QObject(parent), m_compute(compute) {}

int Workspace::indexOf(const DocumentContext* context) const {
  const auto found = std::ranges::find(m_documents, context);
  return found == m_documents.end() ? -1 : static_cast<int>(found - m_documents.begin());
}

DocumentContext* Workspace::findUrl(const QString& url) const {
  if (url.isEmpty()) return nullptr;
  const auto found = std::ranges::find_if(m_documents, [&](DocumentContext* c) { return c->document().url() == url; });
  return found == m_documents.end() ? nullptr : *found;
}

std::vector<DocumentContext*> Workspace::allOfUrl(const QString& url) const {
  std::vector<DocumentContext*> found;
  if (!url.isEmpty())
    std::ranges::copy_if(m_documents, std::back_inserter(found),
                         [&](DocumentContext* context) { return context->document().url() == url; });
  return found;
}

DocumentContext* Workspace::add(DocumentState state, const QString& name, const QString& url) {
  auto* context = new DocumentContext(std::move(state), m_compute, this);
  context->document().setName(url.isEmpty() ? freeName(name) : name);
  context->document().setUrl(url);
  const auto tell = [this, context] { Q_EMIT titleChanged(context); };
  connect(&context->document(), &ModelDocument::nameChanged, this, tell);
  connect(&context->document(), &ModelDocument::urlChanged, this, tell);
  connect(context, &DocumentContext::modifiedChanged, this, tell);
  m_documents.push_back(context);
  Q_EMIT added(context);
  setCurrent(context);
  return context;
}

void Workspace::setCurrent(DocumentContext* context) {
  if (context == m_current) return;
  m_current = context;
  Q_EMIT currentChanged(context);
}

void Workspace::move(int from, int to) {
  DocumentContext* context = m_documents.at(from);
  m_documents.erase(m_documents.begin() + from);
  m_documents.insert(m_documents.begin() + to, context);
}

void Workspace::close(DocumentContext* context) {
  const int index = indexOf(context);
  if (index < 0) return;
  if (context->session().isActive()) context->session().stop();
  Q_EMIT aboutToClose(context);
  m_documents.erase(m_documents.begin() + index);
  if (m_current == context) {
    const int next = std::min(index, static_cast<int>(m_documents.size()) - 1);
    setCurrent(next < 0 ? nullptr : m_documents[next]);
  }
  silence(*context);
  context->deleteLater();
}

std::vector<DocumentContext*> Workspace::modifiedDocuments() const {
  std::vector<DocumentContext*> result;
  std::ranges::copy_if(m_documents, std::back_inserter(result), [](DocumentContext* c) { return c->isModified(); });
  return result;
}

QString Workspace::freeName(const QString& wanted) const {
  const auto isTaken = [this](const QString& name) {
    return std::ranges::any_of(m_documents, [&](DocumentContext* c) { return c->document().name() == name; });
  };
  QString name = wanted;
  for (int number = 2; isTaken(name); ++number) name = QStringLiteral("%1-%2").arg(wanted).arg(number);
  return name;
}

}  // namespace layersmith
