"""The direction of dependencies: what each folder may include, and what each library may link.

Sources are read for their #include lines, Ninja's dependency log for what came in through other headers, and CMake's
link lists for libraries. Every function returns a list of sentences, one for each fault.
"""
import pathlib
import re

# A folder of model/ may include itself and these.
MODEL = {
    "core": set(),
    "nn": {"core"},
    "layers": {"core", "nn"},
    "training": {"core", "nn", "layers"},
    "benchmark": {"core", "nn", "layers", "training"},
    "data": {"core", "nn", "layers", "training"},
    "format": {"core", "nn", "layers", "training"},
    "storage": {"core", "format"},
    "document": {"core", "nn", "layers", "training", "data", "format", "storage"},
    "server": {"core", "nn", "layers", "training", "format", "storage"},
    "session": {"benchmark", "core", "nn", "layers", "training", "data", "format", "document"},
}
WITHOUT_QT = {"core", "nn", "layers", "training", "benchmark"}
QT_IN_MODEL = {"QtCore", "QtNetwork", "QtConcurrent"}
# The one file of model/ that may draw on QtGui.
IMAGE_READER = re.compile(r"model/data/ImageReader\.(h|cpp)$")
# Libraries that belong to one place: header pattern -> folders.
HOMES = {
    re.compile(r"oneapi/|dnnl|cblas\.h"): ("model/nn/kernels/",),
    re.compile(r"armadillo"): tuple(f"model/{folder}/" for folder in sorted(WITHOUT_QT)),
    re.compile(r"sqlite3\.h|archive(_entry)?\.h"): ("model/storage/",),
    re.compile(r"CLI/"): ("app/cli/", "app/server/"),
    re.compile(r"boost/"): ("model/server/",),
    re.compile(r"qt6keychain/"): ("ui/catalog/",),
    re.compile(r"openssl/"): ("model/server/", "model/storage/"),
    re.compile(r"nlohmann/"): ("model/data/", "model/format/", "model/storage/", "model/server/", "model/document/", "model/session/", "ui/", "app/"),
}
UMBRELLAS = re.compile(r"Qt(Core|Gui|Widgets|Charts|Network|Concurrent|Svg|Test)$")
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.M)


def sources(root, *folders):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cpp"):
                yield path


def layer_of(path):
    """('model', 'nn') for model/nn/x.h, ('ui', None) for ui/main/x.h, None for what is not the project's."""
    parts = path.split("/")
    if parts[0] == "model" and len(parts) > 2:
        return "model", parts[1]
    return (parts[0], None) if parts[0] in ("ui", "app", "resources") else None


def may_use(user, used):
    """Whether a file of layer `user` may include one of layer `used`."""
    rank = {"resources": 0, "model": 1, "ui": 2, "app": 3}
    if user[0] == "model" and used[0] == "model":
        return user[1] == used[1] or used[1] in MODEL.get(user[1], set())
    if user[0] == "model":
        return False
    return rank[used[0]] <= rank[user[0]]


def qt_module(header, qt_headers):
    """QtWidgets for QWidget or QtWidgets/qwidget.h; None for what is not Qt's."""
    first = header.split("/")[0]
    if first.startswith("Qt") and (qt_headers / first).is_dir():
        return first
    for folder in sorted(qt_headers.glob("Qt*")):
        if (folder / header).exists():
            return folder.name
    return None


def qt_fault(name, module):
    """Why a file of the project may not use this Qt module, or None."""
    layer = layer_of(name)
    if layer is None or layer[0] != "model":
        return None
    if layer[1] in WITHOUT_QT:
        return f"{name}: {module} in model/{layer[1]}, which is without Qt"
    if module in QT_IN_MODEL or (module == "QtGui" and IMAGE_READER.search(name)):
        return None
    return f"{name}: {module} in model/, which may use {', '.join(sorted(QT_IN_MODEL))} only"


def include_faults(root, qt_headers):
    """Faults in the #include lines of app, model and ui."""
    faults = []
    for path in sources(root, "app", "model", "ui"):
        name = path.relative_to(root).as_posix()
        user = layer_of(name)
        for quoted, angled in INCLUDE.findall(path.read_text(encoding="utf-8")):
            header = quoted or angled
            used = layer_of(header)
            if quoted and used is None and not re.fullmatch(r"\w+\.moc", header):
                faults.append(f'{name}: "{header}" does not start at the repository root')
            if used is not None and user is not None and not may_use(user, used):
                faults.append(f"{name}: includes {header}, against the direction")
            if angled:
                faults += library_faults(name, header, qt_headers)
    return faults


def library_faults(name, header, qt_headers):
    faults = []
    if UMBRELLAS.search(header):
        faults.append(f"{name}: includes <{header}> whole")
    module = qt_module(header, qt_headers)
    if module and (fault := qt_fault(name, module)):
        faults.append(fault)
    for pattern, homes in HOMES.items():
        if pattern.match(header) and not name.startswith(homes):
            faults.append(f"{name}: <{header}> belongs to {', '.join(homes)}")
    return faults


def dependency_faults(log, root):
    """Faults in the text of `ninja -t deps`: what came into a source of model/ through other headers."""
    faults = []
    target, user = "", None
    for line in log.splitlines():
        if line and not line.startswith(" "):
            match = re.match(r"\S*?CMakeFiles/\S+?\.dir/(\S+)\.o:", line)
            target = f"model/{match[1]}" if line.startswith("model/") and match else ""
            user = layer_of(target) if not re.search(r"_autogen/|/\.rcc/", target) else None
            continue
        header = line.strip()
        if user is None or not header:
            continue
        if match := re.search(r"/(Qt[A-Z]\w+)/[^/]+$", header):
            if fault := qt_fault(target, match[1]):
                faults.append(f"{fault} (through {header})")
        if header.startswith(f"{root}/"):
            header = header[len(f"{root}/"):]
        used = layer_of(header.removeprefix("../../"))
        if used is not None and not may_use(user, used):
            faults.append(f"{target}: depends on {header}, against the direction")
    return faults


# What a library must not link, and what it must.
FORBIDDEN_LINKS = {
    "layersmith_nn": re.compile(r"Qt6|sqlite|nlohmann|CLI11|layersmith_(model|ui)|Layersmith::(Model|Ui)", re.I),
    "layersmith_model": re.compile(r"Qt6::(Widgets|Charts|Svg)|CLI11|layersmith_ui|Layersmith::Ui|boost|Layersmith::Server", re.I),
    "layersmith_ui": re.compile(r"SQLite|CLI11|dnnl|openblas|boost|openssl|layersmith_serve|Layersmith::Server", re.I),
    "layersmith_server": re.compile(r"Qt6::(Gui|Widgets|Charts|Svg)|CLI11|layersmith_ui|Layersmith::Ui", re.I),
}


def link_faults(text):
    """Faults in lines of the form `library: A;B;C`."""
    faults = []
    seen = set()
    for line in text.splitlines():
        library, _, links = line.partition(": ")
        seen.add(library)
        for link in links.split(";"):
            if FORBIDDEN_LINKS[library].search(link):
                faults.append(f"{library} links {link}")
    faults += [f"{library}: its links are not known" for library in sorted(FORBIDDEN_LINKS.keys() - seen)]
    return faults
