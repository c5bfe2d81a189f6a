#pragma once

#include "ui/dialogs/SaveRequest.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QVBoxLayout;

namespace layersmith {

class FormRows;
class HeadersTable;
class SegmentedSwitch;
class TextLabel;

/// The middle of the Save As dialog: the fields of the chosen target and the options that all share.
class SaveForm : public QWidget {
  Q_OBJECT

 public:
  SaveForm(const QString& name, const QString& folder, QWidget* parent = nullptr);

  void setTarget(SaveTarget target);
  SaveTarget target() const { return m_target; }
  void setPlugin(const QString& scheme);  ///< whose place SaveTarget::Plugin means
  QString plugin() const;
  SaveRequest request() const;

  void setName(const QString& name);
  QString nameProblem() const;  ///< why no model can have this name there; empty: one can
  void focusFirst();            ///< the name, ready to be typed over
  QString folder() const;
  void setFolder(const QString& folder);
  void chooseServer(const QString& root);  ///< one of setServers(); another: an address is typed
  /// Everything as it was asked for once. Servers and what the model has must be set before.
  void setRequest(const SaveRequest& request);
  void focusPlace();  ///< where it goes, ready to be mended
  void setAddress(const QString& address);
  /// Servers to choose from, beside any address: those of the catalog.
  void setServers(std::vector<UploadServer> servers);
  /// Fills in the address and token of the store server on this computer, the Browser Bridge.
  void setReceiver(const QString& address, const QString& token);
  void setHasOptimizer(bool hasOptimizer);
  void setHasRecipe(bool hasRecipe);
  /// What the options add, in bytes; negative: not known.
  void setOptionBytes(std::int64_t optimizer, std::int64_t recipe);
  /// What the chosen precision changes, in words; empty: nothing to say.
  void setPrecisionNote(const QString& text, bool isWarning = false);

 Q_SIGNALS:
  void changed();
  void precisionChanged();
  void receiverRequested();

 private:
  void makeCommonRows();
  void makeWeightRows();
  void makeHttpRows();
  void makeOptions(QVBoxLayout& column);
  void makeServerRow();
  QString addressOn(const QString& server) const;  ///< to send the model to, by its name
  const UploadServer* server() const;              ///< the one chosen; null: an address is typed
  void makeHttpOptions(QVBoxLayout& column);
  void refreshRows();
  void refreshHttpRows(bool isHttp);
  void browse();
  QString urlOf(SaveTarget target) const;
  QString name() const;
  void addSignIn(SaveRequest& request) const;
  void setSignIn(const SaveRequest& request);
  void showUpload(bool isByHand);
  QString uploadOnBareServer() const;
  QWidget* makeOptionRow(QCheckBox* box, TextLabel* bytes);

  SaveTarget m_target = SaveTarget::Folder;
  FormRows* m_rows = nullptr;
  FormRows* m_folderRows = nullptr;
  FormRows* m_piecesRows = nullptr;
  std::vector<UploadServer> m_servers;
  FormRows* m_serverRows = nullptr;
  QComboBox* m_server = nullptr;
  QString m_typedAddress;
  QString m_givenName;    ///< kept as it is: blanks at its ends are letters
  QString m_pluginStart;  ///< of addresses there: "archive://", or "archive:///a/file#"
  QString m_receiver;     ///< root address of the store server on this computer; empty: not asked for
  FormRows* m_httpRows = nullptr;
  FormRows* m_uploadRows = nullptr;
  QPushButton* m_useUpload = nullptr;
  FormRows* m_signInRows = nullptr;
  FormRows* m_userRows = nullptr;
  FormRows* m_secretRows = nullptr;
  QLineEdit* m_name = nullptr;
  QLineEdit* m_folder = nullptr;
  QComboBox* m_pieces = nullptr;
  QSpinBox* m_pieceSize = nullptr;
  FormRows* m_precisionRows = nullptr;
  QComboBox* m_precision = nullptr;
  TextLabel* m_keys = nullptr;
  SegmentedSwitch* m_method = nullptr;
  QLineEdit* m_address = nullptr;
  QComboBox* m_signIn = nullptr;
  TextLabel* m_userLabel = nullptr;
  QLineEdit* m_user = nullptr;
  TextLabel* m_secretLabel = nullptr;
  QLineEdit* m_secret = nullptr;
  HeadersTable* m_headers = nullptr;
  QCheckBox* m_optimizer = nullptr;
  QCheckBox* m_recipe = nullptr;
  QCheckBox* m_certificate = nullptr;
  TextLabel* m_optimizerBytes = nullptr;
  TextLabel* m_recipeBytes = nullptr;
  QWidget* m_timeoutRow = nullptr;
  QSpinBox* m_timeout = nullptr;
};

}  // namespace layersmith
