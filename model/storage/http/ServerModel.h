#pragma once

#include <QString>
#include <QUrl>

#include <optional>

namespace layersmith {

/// A model on a store server (model/server), by the addresses under which it is read and sent. A value.
struct ServerModel {
  QString root;  ///< "https://lab.example:8080", without a slash at its end
  QString name;  ///< letters, digits, dots, dashes and underscores

  /// Of "https://lab.example:8080/models/moons/model.json", with its file or without; empty for other addresses, and
  /// for those with a query or a fragment.
  static std::optional<ServerModel> at(const QString& url);
  /// Errors: InvalidConfig where at() is empty. `unchanged`: what the message says of what did not happen.
  static ServerModel require(const QString& url, const char* unchanged);
  /// Of "https://lab.example:8080/upload/moons".
  static std::optional<ServerModel> sentTo(const QString& url);
  /// A name as a server takes it: at most 128 letters, digits, dots, dashes and underscores, and no dot first.
  static QString nameFor(QString name);

  QString url() const;     ///< of its model.json: what it is loaded from and known by
  QString folder() const;  ///< what is deleted
  QString upload() const;  ///< what it is sent to
};

QUrl below(const QUrl& folder, const QString& name);  ///< with the folder's query

}  // namespace layersmith
