"""What the variables of an old ``main`` have become while a new one is emitted."""

from __future__ import annotations

from typing import Any

import tvm
from tvm import relax

from mutatenn.lowering.graph.rewriter import Emitter


class Environment(dict[Any, Any]):
    """Old Relax variables to new expressions; a variable that is not in it stands for itself."""

    def substitute(self, value: Any) -> Any:
        """A value over new expressions; calls keep operator, attributes and type."""
        if isinstance(value, tvm.ir.Call):
            args = [self.substitute(arg) for arg in value.args]
            return tvm.ir.Call(value.op, args, value.attrs, value.ty_args, value.span, value.ty)
        if isinstance(value, relax.Tuple):
            return relax.Tuple([self.substitute(field) for field in value.fields])
        if isinstance(value, relax.TupleGetItem):
            whole = self.substitute(value.tuple_value)
            if isinstance(whole, relax.Tuple):
                return whole.fields[int(value.index)]
            return relax.TupleGetItem(whole, int(value.index))
        return self.get(value, value)

    def emitted(self, emit: Emitter, binding: Any, value: Any) -> Any:
        """The new expression for a binding whose substituted value is kept as it is."""
        if isinstance(value, tvm.ir.Call):
            return emit.op(value)
        # Variables, constants, shapes and tuples stand for themselves wherever they are used.
        return emit.let(value) if isinstance(value, relax.TupleGetItem) else value

    def result(self, main: Any) -> Any:
        """The new value of the function."""
        return self.substitute(main.body.body)
