"""The string under each field of a model, read from its source when it is asked for: hints of forms, help, errors."""

import ast
import inspect
import textwrap
from functools import cache
from itertools import pairwise

from pydantic import BaseModel


@cache
def field_docs(model: type[BaseModel]) -> dict[str, str]:
    """The documentation of each field that has one, by name, in the order of the fields."""
    said = {
        name: text
        for kind in reversed(model.__mro__)
        if issubclass(kind, BaseModel)
        for name, text in _own(kind).items()
    }
    return {name: said[name] for name in model.model_fields if name in said}


@cache
def _own(model: type[BaseModel]) -> dict[str, str]:
    """Of the fields that the class itself declares."""
    if model is BaseModel:
        return {}
    [body] = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(body, ast.ClassDef)
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(body.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
