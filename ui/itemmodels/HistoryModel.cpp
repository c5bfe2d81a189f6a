#include "ui/itemmodels/HistoryModel.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace layersmith {

QString displayNameOfMetric(const std::string& name) {
  const bool isValidation = name.starts_with("val_");
  const std::string plain = isValidation ? name.substr(4) : name;
  QString text = QString::fromStdString(plain);
  if (plain == "acc" || plain == "accuracy") text = QCoreApplication::translate("HistoryModel", "accuracy");
  if (plain == "loss") text = QCoreApplication::translate("HistoryModel", "loss");
  if (isValidation) return QCoreApplication::translate("HistoryModel", "Validation %1").arg(text);
  return text.left(1).toUpper() + text.mid(1);
}

void HistoryModel::setHistory(std::vector<EpochLog> history) {
  beginResetModel();
  m_history = std::move(history);
  m_names.clear();
  if (!m_history.empty())
    for (const MetricValue& value : m_history.front().values) m_names.push_back(value.name);
  endResetModel();
}

void HistoryModel::append(const EpochLog& log) {
  if (m_history.empty()) {
    setHistory({log});
    return;
  }
  beginInsertRows({}, int(m_history.size()), int(m_history.size()));
  m_history.push_back(log);
  endInsertRows();
}

QString HistoryModel::csv() const {
  QStringList lines;
  QStringList cells = {QStringLiteral("epoch"), QStringLiteral("seconds")};
  for (const std::string& name : m_names) cells.append(QString::fromStdString(name));
  lines.append(cells.join(QLatin1Char(',')));
  for (const EpochLog& log : m_history) {
    cells = {QString::number(log.epoch + 1), QString::number(log.seconds, 'g', 6)};
    for (const std::string& name : m_names) cells.append(QString::number(log.valueOf(name), 'g', 9));
    lines.append(cells.join(QLatin1Char(',')));
  }
  return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

int HistoryModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : int(m_history.size());
}

int HistoryModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() || m_history.empty() ? 0 : 1 + int(m_names.size());
}

QVariant HistoryModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  if (role == Qt::TextAlignmentRole) return int(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole && role != ValueRole) return {};
  const EpochLog& log = m_history[std::size_t(index.row())];
  if (index.column() == 0) return log.epoch + 1;
  const double value = log.valueOf(m_names[std::size_t(index.column() - 1)]);
  if (role == ValueRole) return value;
  return std::isfinite(value) ? QLocale().toString(value, 'f', 4) : tr("not a number");
}

QVariant HistoryModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
  if (role == Qt::TextAlignmentRole) return int(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  return section == 0 ? tr("Epoch") : displayNameOfMetric(m_names[std::size_t(section - 1)]);
}

}  // namespace layersmith
