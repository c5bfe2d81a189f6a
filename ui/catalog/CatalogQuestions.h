#pragma once

#include "ui/catalog/CatalogWork.h"
#include "ui/dialogs/Parts.h"

class QCheckBox;
class QLineEdit;
class QSpinBox;

namespace layersmith {

class FormRows;

/// Asks before something that cannot be undone; accepted() goes on, Return alone does not.
class ConfirmDialog : public FooterDialog {
  Q_OBJECT

 public:
  ConfirmDialog(const QString& name, const QString& title, const QString& body, const QString& verb, QWidget* parent);
};

/// A name is taken at the target: Keep both, Replace or Skip, for this one or for all that follow.
class NameTakenDialog : public FooterDialog {
  Q_OBJECT

 public:
  /// `own` and `other`: describe() of both models; empty when not known. `left`: taken names from here on.
  NameTakenDialog(const QString& name, const QString& place, const QString& own, const QString& other, int left,
                  QWidget* parent);
  static QString describe(const ModelEntry& entry);  ///< "13 kB, Today 10:41"

 Q_SIGNALS:
  void answered(layersmith::Transfer::IfTaken answer, bool isForAll);  ///< closed without: nothing more is done

 private:
  void addAnswer(const QString& name, const QString& text, Transfer::IfTaken answer, ButtonKind look);

  QCheckBox* m_forAll = nullptr;
};

/// Address and token of a store server, and whether the token shall outlive the session.
class ServerDialog : public FooterDialog {
  Q_OBJECT

 public:
  /// `address` not empty: asks for the token of a server that is known.
  explicit ServerDialog(QWidget* parent, const QString& address = {});
  /// Once it is known whether there is a keychain: `problem` says why there is none. `isKept`: its token lies there.
  void offerKeychain(const QString& problem, bool isKept);
  void setForSession();  ///< of a server that the catalog does not keep, nor its token

 Q_SIGNALS:
  void chosen(const QString& address, const QString& token, bool isTokenKept);

 private:
  void choose();
  void tellWhereKept();

  QLineEdit* m_address = nullptr;
  QLineEdit* m_token = nullptr;
  QCheckBox* m_keep = nullptr;
  FormRows* m_rows = nullptr;
  TextLabel* m_problem = nullptr;
};

/// How much a browser store may hold.
class QuotaDialog : public FooterDialog {
  Q_OBJECT

 public:
  QuotaDialog(const QString& place, std::int64_t quota, QWidget* parent);

 Q_SIGNALS:
  void chosen(qint64 quota);

 private:
  QSpinBox* m_amount = nullptr;
};

}  // namespace layersmith
