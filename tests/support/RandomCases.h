#pragma once

#include <QDebug>
#include <QRandomGenerator>

namespace layersmith::fixtures {

/// Numbers for cases that are drawn: the same in every run, so that a failure comes back with the next one.
/// LAYERSMITH_LONG=1: others each time, from a seed that is printed and that LAYERSMITH_SEED repeats.
inline QRandomGenerator randomCases() {
  quint32 seed = quint32(qEnvironmentVariableIntValue("LAYERSMITH_SEED"));
  if (seed == 0)
    seed = qEnvironmentVariableIntValue("LAYERSMITH_LONG") > 0 ? QRandomGenerator::global()->generate() : 1;
  qInfo() << "LAYERSMITH_SEED" << seed;
  return QRandomGenerator(seed);
}

}  // namespace layersmith::fixtures
