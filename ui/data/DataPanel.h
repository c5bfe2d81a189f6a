#pragma once

#include "model/data/Readers.h"
#include "ui/data/DataLoader.h"
#include "ui/itemmodels/ColumnModel.h"
#include "ui/itemmodels/DataTableModel.h"

#include <QPointer>
#include <QWidget>

#include <vector>

class QAction;
class QListView;
class QMenu;
class QStackedWidget;
class QTableView;

namespace layersmith {

class BusyStrip;
class Chip;
class DocumentContext;
class MessageStrip;
class ScatterView;
class SegmentedSwitch;
class SplitPage;
class TextLabel;

/// The data dock: the rows, how each column is used, and the split. Reads files and prepares data in a worker; what
/// comes out is one undo step of the document.
class DataPanel : public QWidget {
  Q_OBJECT

 public:
  enum View { Table, Columns, Split };

  explicit DataPanel(QWidget* parent = nullptr);

  void setContext(DocumentContext* context);
  void showView(View view);

  void openCsv(const QString& path, const CsvOptions& options = {});
  void openIdx(const QString& imagesPath, const QString& labelsPath);
  void useGenerator(const QString& name);
  void useGenerator(const QString& name, int samples, double noise, std::uint64_t seed);
  void useIris();
  /// Only these raw rows in the table, until the person clears it; `text` names them ("4 read as 9").
  void showRows(const std::vector<std::int64_t>& rows, const QString& text = {});

  QAction* openCsvAction() { return m_openCsv; }
  QAction* openImagesAction() { return m_openImages; }
  QMenu* sampleMenu() { return m_samples; }
  QWidget* tools() { return m_tools; }
  MessageStrip* strip() { return m_strip; }
  DataTableModel& rows() { return m_rows; }
  ColumnModel& columns() { return m_columns; }
  bool isBusy() const { return m_loader.isBusy(); }

 Q_SIGNALS:
  void dataApplied();  ///< a new data set is in the document
  void loadFailed(const QString& message);

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void makeTools();
  void makePages();
  QWidget* makeTablePage();
  QWidget* makeColumnsPage();
  QMenu* makeMenu();

  void askCsv();
  void askImages();
  void load(const QString& busyText, const QString& undoText, bool canCancel, DataLoader::Job job);
  void onLoaded(const std::shared_ptr<const Dataset>& dataset, bool isPart);
  void onFailed(const Error& error);
  void changeRecipe(const DataRecipe& recipe, const QString& text);
  void refresh();
  void updatePages();
  void showRemarks();

  QPointer<DocumentContext> m_context;
  DataLoader m_loader;
  QPointer<DocumentContext> m_target;  ///< whose data is being loaded
  QString m_undoText;
  QString m_csvPath;  ///< of the load under way, for "skip such rows"
  CsvOptions m_csvOptions;
  DataTableModel m_rows;
  ColumnModel m_columns;
  std::shared_ptr<const Dataset> m_shown;

  QAction* m_openCsv;
  QAction* m_openImages;
  QMenu* m_samples = nullptr;
  QWidget* m_tools = nullptr;
  SegmentedSwitch* m_views = nullptr;
  TextLabel* m_name = nullptr;
  TextLabel* m_count = nullptr;
  QWidget* m_facts = nullptr;
  Chip* m_training = nullptr;
  Chip* m_validation = nullptr;
  QWidget* m_filter = nullptr;
  MessageStrip* m_strip = nullptr;
  BusyStrip* m_busy = nullptr;
  QStackedWidget* m_pages = nullptr;
  QTableView* m_table = nullptr;
  ScatterView* m_scatter = nullptr;
  QListView* m_thumbnails = nullptr;
  QTableView* m_columnTable = nullptr;
  SplitPage* m_split = nullptr;
};

}  // namespace layersmith
