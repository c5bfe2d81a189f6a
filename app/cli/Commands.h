#pragma once

namespace layersmith {

class Program;

// One command, one file: each adds its options and what it does.
void addBench(Program& program);
void addConvert(Program& program);
void addCopy(Program& program);
void addDiff(Program& program);
void addEmpty(Program& program);
void addEvaluate(Program& program);
void addExport(Program& program);
void addImport(Program& program);
void addInfo(Program& program);
void addList(Program& program);
void addMove(Program& program);
void addPredict(Program& program);
void addRemove(Program& program);
void addRename(Program& program);
void addRepair(Program& program);
void addRestore(Program& program);
void addServe(Program& program);
void addTrain(Program& program);
void addVerify(Program& program);

inline void addAllCommands(Program& program) {
  addTrain(program);
  addPredict(program);
  addEvaluate(program);
  addInfo(program);
  addVerify(program);
  addRepair(program);
  addDiff(program);
  addConvert(program);
  addList(program);
  addCopy(program);
  addMove(program);
  addRename(program);
  addRemove(program);
  addRestore(program);
  addServe(program);
  addBench(program);
  addEmpty(program);
  addImport(program);
  addExport(program);
}

}  // namespace layersmith
