"""The project keeps its direction, and the checks see what is planted.

usage: test_architecture.py SOURCE_DIR BUILD_DIR QT_HEADERS NINJA
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import architecture

SOURCE, BUILD, QT_HEADERS, NINJA = (pathlib.Path(argument) for argument in sys.argv[1:5])


def dependency_log():
    return subprocess.run([NINJA, "-C", BUILD, "-t", "deps"], check=True, capture_output=True, text=True).stdout


class TheProject(unittest.TestCase):
    maxDiff = None

    def test_includes(self):
        self.assertEqual(architecture.include_faults(SOURCE, QT_HEADERS), [])

    def test_headers_that_came_along(self):
        log = dependency_log()
        self.assertIn("model/core/", log)
        self.assertEqual(architecture.dependency_faults(log, SOURCE), [])

    def test_link_lists(self):
        self.assertEqual(architecture.link_faults((BUILD / "link-lists.txt").read_text()), [])


class PlantedFaults(unittest.TestCase):
    """Each plants one line in a copy of the sources."""

    def faults_with(self, file, line):
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder)
            for part in ("app", "model", "ui"):
                shutil.copytree(SOURCE / part, copy / part)
            before = architecture.include_faults(copy, QT_HEADERS)
            path = copy / file
            path.write_text(f"{line}\n{path.read_text()}")
            return [fault for fault in architecture.include_faults(copy, QT_HEADERS) if fault not in before]

    def assert_seen(self, file, line):
        faults = self.faults_with(file, line)
        self.assertEqual(len(faults), 1, faults)
        self.assertTrue(faults[0].startswith(file), faults)

    def test_widget_in_nn(self):
        self.assert_seen("model/nn/Graph.h", "#include <QWidget>")

    def test_core_qt_in_nn(self):
        self.assert_seen("model/core/Shape.cpp", "#include <QString>")

    def test_widget_in_model(self):
        self.assert_seen("model/document/ModelDocument.h", "#include <QtWidgets/QWidget>")

    def test_gui_in_model(self):
        self.assert_seen("model/format/ModelReader.h", "#include <QImage>")

    def test_ui_in_model(self):
        self.assert_seen("model/document/ModelDocument.h", '#include "ui/theme/Theme.h"')

    def test_training_in_nn(self):
        self.assert_seen("model/nn/Graph.h", '#include "model/training/Trainer.h"')

    def test_document_in_storage(self):
        self.assert_seen("model/storage/ModelStore.h", '#include "model/document/DocumentState.h"')

    def test_include_from_beside(self):
        self.assert_seen("model/nn/Graph.h", '#include "Tensor.h"')

    def test_umbrella(self):
        self.assert_seen("ui/theme/Theme.h", "#include <QtWidgets/QtWidgets>")

    def test_kernels_alone_call_onednn(self):
        self.assert_seen("model/nn/Graph.h", "#include <oneapi/dnnl/dnnl.hpp>")

    def test_sqlite_in_ui(self):
        self.assert_seen("ui/theme/Theme.h", "#include <sqlite3.h>")

    def test_a_fair_include_passes(self):
        self.assertEqual(self.faults_with("ui/theme/Theme.h", '#include "model/nn/Graph.h"'), [])

    def test_header_that_came_along(self):
        log = ("model/CMakeFiles/layersmith_nn.dir/nn/Graph.cpp.o: #deps 2, deps mtime 1 (VALID)\n"
               "    ../../model/core/Shape.h\n    /usr/include/x86_64-linux-gnu/qt6/QtWidgets/qwidget.h\n"
               "model/CMakeFiles/layersmith_model.dir/storage/A.cpp.o: #deps 2, deps mtime 1 (VALID)\n"
               f"    {SOURCE}/model/document/DocumentState.h\n    /usr/include/x86_64-linux-gnu/qt6/QtCore/qlist.h\n")
        faults = architecture.dependency_faults(log, SOURCE)
        self.assertEqual(len(faults), 2, faults)
        self.assertIn("QtWidgets in model/nn", faults[0])
        self.assertIn("model/storage/A.cpp", faults[1])

    def test_links(self):
        text = ("layersmith_nn: openblas;Qt6::Core\nlayersmith_model: Qt6::Core;Qt6::Widgets\n"
                "layersmith_server: Boost::headers\nlayersmith_ui: Qt6::Charts;Boost::headers\n")
        self.assertEqual(architecture.link_faults(text),
                         ["layersmith_nn links Qt6::Core", "layersmith_model links Qt6::Widgets",
                          "layersmith_ui links Boost::headers"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
