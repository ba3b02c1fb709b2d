"""
What a locustfile says, read and not run: python -I read_locustfile.py FOLDER < locustfile.py prints {"error": {line, column, text} | null,
"shape": name | null, "files": [path from the folder]}. Files are modules of the folder that it imports, and files there whose names are texts in it
or in one of these, part by part of their path: users.csv of open("users.csv") or of join(folder, "data", "users.csv").
"""

import ast
import json
import os
import sys


def main(source, folder):
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        return refused(error.lineno or 1, error.offset or 1, error.msg)
    except ValueError as error:
        return refused(1, 1, str(error))
    shape = shape_in([node for node in tree.body if isinstance(node, ast.ClassDef)])
    return {"error": None, "shape": shape, "files": sorted(files_of(tree, folder))}


def refused(line, column, text):
    return {"error": {"line": line, "column": column, "text": text}, "shape": None, "files": []}


def shape_in(classes):
    """The first class that is a load shape and not abstract, as Locust takes it; one that is imported is not seen."""
    shapes = {"LoadTestShape"}
    found = None
    for one in classes:
        if any(name_of(base) in shapes for base in one.bases):
            shapes.add(one.name)
            found = found or (None if is_abstract(one) else one.name)
    return found


def name_of(base):
    return base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", None)


def is_abstract(one):
    return any(
        isinstance(line, ast.Assign)
        and any(getattr(target, "id", None) == "abstract" for target in line.targets)
        and getattr(line.value, "value", None) is True
        for line in one.body
    )


def files_of(tree, folder):
    files, texts, unread = set(), {"locust.conf"}, [(tree, "")]
    while unread:
        one, package = unread.pop()
        nodes = list(ast.walk(one))
        texts.update(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
        for path in {path for node in nodes for path in modules_of(node, package, folder)} - files:
            files.add(path)
            unread.append((parsed(os.path.join(folder, path)), os.path.dirname(path)))
    parts = {part for text in texts for part in text.split("/") if part not in ("", ".", "..")}
    return files | set(named(folder, "", parts))


def modules_of(node, package, folder):
    """Paths of the modules that an import asks for, as far as the folder has them; `package` is the folder of the one that asks."""
    if isinstance(node, ast.Import):
        wanted = [alias.name.split(".") for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        above = package.split("/")[: len(package.split("/")) - node.level + 1] if node.level > 0 and package else []
        start = above + (node.module.split(".") if node.module else [])
        wanted = [start, *[[*start, alias.name] for alias in node.names]]
    else:
        return
    for parts in wanted:
        for count in range(1, len(parts) + 1):
            path = "/".join(parts[:count])
            yield from (one for one in (f"{path}.py", f"{path}/__init__.py") if os.path.isfile(os.path.join(folder, one)))


def parsed(file):
    try:
        with open(file, "rb") as source:
            return ast.parse(source.read())
    except (SyntaxError, ValueError, OSError):
        # Python says it with its place, where it is imported.
        return ast.Module([], [])


def named(folder, below, parts):
    try:
        with os.scandir(os.path.join(folder, below)) as entries:
            found = [one for one in entries if one.name in parts]
    except OSError:
        # A folder that may not be read, such as a database's, holds nothing that the file could open.
        return
    for entry in found:
        path = f"{below}{entry.name}"
        if entry.is_file(follow_symlinks=False):
            yield path
        elif entry.is_dir(follow_symlinks=False):
            yield from named(folder, f"{path}/", parts)


print(json.dumps(main(sys.stdin.buffer.read(), sys.argv[1])))
