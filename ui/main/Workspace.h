#pragma once

#include "ui/commands/DocumentContext.h"

#include <QObject>

#include <vector>

namespace layersmith {

/// The documents open in one window, in the order of their tabs, and which of them is in front.
/// Thread rule: GUI thread.
class Workspace : public QObject {
  Q_OBJECT

 public:
  explicit Workspace(ComputeThread& compute, QObject* parent = nullptr);
  ~Workspace() override;

  const std::vector<DocumentContext*>& documents() const { return m_documents; }
  DocumentContext* current() const { return m_current; }  ///< null: no document is open
  int indexOf(const DocumentContext* context) const;
  DocumentContext* findUrl(const QString& url) const;
  std::vector<DocumentContext*> allOfUrl(const QString& url) const;

  /// Opens one more document and brings it to the front.
  DocumentContext* add(DocumentState state, const QString& name, const QString& url = {});
  void setCurrent(DocumentContext* context);
  void move(int from, int to);
  /// Closes without asking. A training in progress is stopped.
  void close(DocumentContext* context);

  std::vector<DocumentContext*> modifiedDocuments() const;

 Q_SIGNALS:
  void added(layersmith::DocumentContext* context);
  void aboutToClose(layersmith::DocumentContext* context);
  void currentChanged(layersmith::DocumentContext* context);
  void titleChanged(layersmith::DocumentContext* context);  ///< name, place or `*`

 private:
  QString freeName(const QString& wanted) const;

  ComputeThread& m_compute;
  std::vector<DocumentContext*> m_documents;
  DocumentContext* m_current = nullptr;
};

}  // namespace layersmith
