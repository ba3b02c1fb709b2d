"""
What a locustfile says, read and not run: python -I read_locustfile.py < locustfile.py prints {"error": {line, column, text} | null, "shape": name | null}.
"""

import ast
import json
import sys


def main(source):
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        return {"error": {"line": error.lineno or 1, "column": error.offset or 1, "text": error.msg}, "shape": None}
    except ValueError as error:
        return {"error": {"line": 1, "column": 1, "text": str(error)}, "shape": None}
    return {"error": None, "shape": shape_in([node for node in tree.body if isinstance(node, ast.ClassDef)])}


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


print(json.dumps(main(sys.stdin.buffer.read())))
