"""NumPy arrays as columns, and columns as NumPy arrays."""
import datetime

import numpy

from . import _core
from ._convert import BUFFER, VALUES, Entry

FORMATS = {"i1": "c", "i2": "s", "i4": "i", "i8": "l", "u1": "C", "u2": "S", "u4": "I", "u8": "L", "f4": "f", "f8": "g"}
DTYPES = {"i8": "i1", "i16": "i2", "i32": "i4", "i64": "i8", "u8": "u1", "u16": "u2", "u32": "u4", "u64": "u8", "f32": "f4",
          "f64": "f8"}
UNITS = {"s": "s", "ms": "m", "us": "u", "ns": "n"}


# ---- in ----------------------------------------------------------------------------------------------------------------
def native(array):
    """C-contiguous and in this machine's byte order."""
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    return numpy.ascontiguousarray(array)


def moments(name, array):
    """(int array, Arrow format) of datetime64 and timedelta64."""
    kind, unit = array.dtype.kind, numpy.datetime_data(array.dtype)
    if unit[0] == "generic":
        raise TypeError(f"column {name!r}: {array.dtype} has no unit")
    if kind == "M" and unit == ("D", 1):
        days = array.view("i8")
        known = days[~numpy.isnat(array)]
        if known.size and (known.min() < -2**31 or known.max() >= 2**31):
            raise OverflowError(f"column {name!r}: a date beyond 32 bits of days")
        return days.astype("i4"), "tdD"
    if kind == "m" and unit[0] in ("Y", "M"):
        raise TypeError(f"column {name!r}: {array.dtype} has no fixed length; astype('m8[D]') takes the mean one")
    if unit[0] in ("ps", "fs", "as"):
        raise TypeError(f"column {name!r}: {array.dtype} is finer than nanoseconds")
    if unit[1] != 1 or unit[0] not in UNITS:
        whole = array.astype(f"{kind}8[{unit[0] if unit[0] in UNITS else 's'}]")
        if (whole.astype(array.dtype) != array)[~numpy.isnat(array)].any():
            raise OverflowError(f"column {name!r}: {array.dtype} beyond 64 bits")
        array, unit = whole, numpy.datetime_data(whole.dtype)
    return array.view("i8"), f"ts{UNITS[unit[0]]}:" if kind == "M" else f"tD{UNITS[unit[0]]}"


def buffer_entry(name, array, mask=None, zone=""):
    """A 1-D array of numbers, bools or moments; mask: true for null."""
    array, kind = native(array), array.dtype.kind
    if kind in "Mm":
        missing = numpy.isnat(array)
        mask = missing if mask is None else mask | missing
        array, form = moments(name, array)
        form += zone
    elif kind == "b":
        form = "b"
    elif array.dtype == "f2":
        array, form = array.astype("f4"), "f"
    elif array.dtype.str[1:] in FORMATS:
        form = FORMATS[array.dtype.str[1:]]
    else:
        raise TypeError(f"column {name!r}: no type of libframe holds NumPy's {array.dtype}")
    mask = None if mask is None or not mask.any() else native(mask.astype(bool)).view("u1")
    array = native(array)
    return Entry(name, BUFFER, (array.view("u1") if array.size else b"", form, len(array), mask))


class Instant(datetime.datetime):
    """A datetime with nanoseconds beside it, as pandas' Timestamp has them; a column of such is one of nanoseconds."""
    nanosecond = 0


class Span(datetime.timedelta):
    """A timedelta with nanoseconds beside it."""
    nanoseconds = 0


def with_nanos(moment, nanos):
    """A datetime or timedelta that remembers nanoseconds; None stays None."""
    if moment is None:
        return None
    if isinstance(moment, datetime.datetime):
        fine = Instant(moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond)
        fine.nanosecond = nanos
    else:
        fine = Span(moment.days, moment.seconds, moment.microseconds)
        fine.nanoseconds = nanos
    return fine


def plain_moments(array, where):
    """datetime64 and timedelta64 as Python's; tolist() would give bare numbers of nanoseconds."""
    kind, unit = array.dtype.kind, numpy.datetime_data(array.dtype)[0]
    if unit == "generic" and not numpy.isnat(array).all():
        raise TypeError(f"{where}: {array.dtype} has no unit")
    if unit in ("ps", "fs", "as"):
        raise TypeError(f"{where}: {array.dtype} is finer than nanoseconds")
    if kind == "m" and unit in ("Y", "M"):
        raise TypeError(f"{where}: {array.dtype} has no fixed length; astype('m8[D]') takes the mean one")
    if isinstance(array, numpy.ma.MaskedArray):
        array = array.filled(numpy.array("NaT", array.dtype))
    if unit == "ns":
        array = array.astype(f"{kind}8[ns]")
        ticks, missing = array.view("i8"), numpy.isnat(array)
        micros = numpy.where(missing, ticks, ticks // 1000).view(f"{kind}8[us]").ravel().tolist()
        flat = [with_nanos(moment, nanos) for moment, nanos in zip(micros, (ticks % 1000).ravel().tolist())]
    else:
        flat = array.ravel().tolist()
        if any(isinstance(moment, int) for moment in flat):
            raise OverflowError(f"{where}: a time beyond the years 1 to 9999 in a list")
    held = numpy.empty(len(flat), dtype=object)
    held[:] = flat
    return held.reshape(array.shape).tolist()


def plain_records(array, where):
    """Records as dicts by their fields' names."""
    if array.ndim > 1:
        return [plain_records(part, where) for part in array]
    fields = [plain(array[name], where) for name in array.dtype.names]
    if array.ndim == 0:
        return dict(zip(array.dtype.names, fields))
    return [dict(zip(array.dtype.names, row)) for row in zip(*fields)]


def plain(value, where):
    """An array or a scalar as Python values, in lists as deep as it has dimensions; None where it is masked."""
    if value is numpy.ma.masked:
        return None
    array = value if isinstance(value, numpy.ndarray) else numpy.asarray(value)
    if array.dtype.names:
        return plain_records(array, where)
    return plain_moments(array, where) if array.dtype.kind in "Mm" else array.tolist()


LISTED = {"O": None, "U": "str", "T": "str", "S": "binary", "V": "binary"}      # what has no numbers, and its type where it is told


def listed_entry(name, array, nan_is_null):
    """An array whose values go one by one."""
    listed = plain(array, f"column {name!r}")
    kind = None if array.ndim > 1 or array.dtype.names else LISTED[array.dtype.kind]
    is_empty = all(value is None for value in listed)
    return Entry(name, VALUES, tuple(listed), nan_is_null or array.dtype.kind == "T", kind if is_empty else None)


def array_entry(name, values, nan_is_null=False):
    """Any NumPy array as a column."""
    if not isinstance(values, numpy.ndarray) or values.ndim == 0:
        raise TypeError(f"column {name!r}: a column is a list or an array, not {values!r}")
    if values.ndim > 1 or values.dtype.kind in LISTED:
        return listed_entry(name, values, nan_is_null)
    mask = numpy.ma.getmaskarray(values) if isinstance(values, numpy.ma.MaskedArray) else None
    values = numpy.asarray(values)
    if nan_is_null and values.dtype.kind == "f":
        missing = numpy.isnan(values)
        mask = missing if mask is None else mask | missing
    return buffer_entry(name, values, mask)


def array_columns(array, names):
    """A structured or 2-D array as {name: column}."""
    if not isinstance(array, numpy.ndarray):
        raise TypeError(f"no table can be made of {array!r}")
    if array.dtype.names:
        return {name: array[name] for name in array.dtype.names}
    if array.ndim != 2:
        raise ValueError(f"a table is a structured or 2-D array, not one of {array.ndim} dimensions; "
                         'one column is {"name": array}')
    names = names or [f"column_{i}" for i in range(array.shape[1])]
    if len(names) != array.shape[1]:
        raise ValueError(f"{len(names)} names for {array.shape[1]} columns")
    return {name: array[:, i] for i, name in enumerate(names)}


# ---- out ---------------------------------------------------------------------------------------------------------------
class _Held:
    """Memory of a column as NumPy takes it; the array keeps this, and this keeps the column."""

    def __init__(self, column, address, dtype, n):
        self.column = column
        self.__array_interface__ = {"data": (address, True), "typestr": numpy.dtype(dtype).str, "shape": (n,),
                                    "version": 3}


def numpy_type(dtype):
    """The NumPy type with the same memory, or None."""
    if dtype in DTYPES:
        return DTYPES[dtype]
    if dtype == "date":
        return "i4"
    if dtype.startswith("datetime["):
        return f"M8[{dtype[9:].rstrip(']').split(',')[0]}]"
    if dtype.startswith("duration["):
        return f"m8[{dtype[9:-1]}]"
    return None


def validity(column):
    """A bool array, true where there is a value; None when there are no nulls."""
    if not column.null_count:
        return None
    return numpy.frombuffer(_core.valid_bytes(column._frame._core), dtype=bool)


def objects_of(column):
    array = numpy.empty(len(column), dtype=object)
    array[:] = column.to_list()
    return array


def raw_array(column):
    """The values in place, zeros under nulls; None for what NumPy has no type for."""
    if column.dtype == "bool":
        return numpy.frombuffer(_core.bool_bytes(column._frame._core), dtype=bool)
    dtype, n = numpy_type(column.dtype), len(column)
    if dtype is None:
        return None
    if n == 0:
        array = numpy.empty(0, dtype=dtype)
    else:
        at = column._frame._core.values(0)
        if at is None:
            return None
        array = numpy.asarray(_Held(column, at[0], dtype, n))
    return array.astype("M8[D]") if column.dtype == "date" else array


def array_of(column, null=None):
    """See Column.to_numpy."""
    if column.dtype == "null":
        return numpy.full(len(column), null, dtype=object)
    array, valid = raw_array(column), validity(column)
    if array is None:
        array = objects_of(column)
        if null is not None and valid is not None:
            array[~valid] = null
        return array
    if valid is None:
        return array
    if null is None and array.dtype.kind not in "fMm":
        return objects_of(column)
    if null is not None and array.dtype.kind in "iufb" and not isinstance(null, (bool, int, float, numpy.number, numpy.bool_)):
        raise TypeError(f"null={null!r} is no value of {column.dtype}")
    if null is not None and array.dtype.kind == "b" and not isinstance(null, (bool, numpy.bool_)):
        raise TypeError(f"null={null!r} is neither True nor False")
    if null is not None and array.dtype.kind in "iu":
        limits = numpy.iinfo(array.dtype)
        if not limits.min <= null <= limits.max or int(null) != null:
            raise OverflowError(f"{null!r} does not fit {column.dtype}")
    filled = array.copy()
    filled[~valid] = (numpy.nan if array.dtype.kind == "f" else numpy.array("NaT", array.dtype)) if null is None else null
    return filled


def holds_nulls(array):
    """NaN or NaT, which is what nulls become in an array that can tell them."""
    return (array.dtype.kind == "f" and numpy.isnan(array).any()) or (array.dtype.kind in "mM" and numpy.isnat(array).any())


def handed_over(array, dtype, copy, is_shared):
    """What __array__ answers: the array in the type asked for. Whole numbers and bools that do not hold the values are refused,
    where NumPy would make others of nulls, or cut them; so is copy=False where the values do not lie in the frame as they are
    asked for."""
    wanted = array.dtype if dtype is None else numpy.dtype(dtype)
    if copy is False and not (is_shared and wanted == array.dtype):
        raise ValueError(f"an array of {wanted} cannot be had without a copy")
    if wanted == array.dtype:
        return array.copy() if copy else array
    with numpy.errstate(invalid="ignore"):
        result = array.astype(wanted)
    is_cut = wanted.kind in "iu" and array.dtype.kind in "iuf" and (result != array).any()
    if is_cut or (wanted.kind in "iub" and holds_nulls(array)):
        raise OverflowError(f"values do not fit {wanted}: nulls, fractions or numbers out of its range")
    return result


def matrix_of(frame):
    """All columns side by side in their common type; objects where there is none."""
    arrays = [frame[name].to_numpy() for name in frame.columns]
    if not arrays:
        return numpy.empty((len(frame), 0))
    kinds = {array.dtype.kind for array in arrays}
    if len(kinds) > 1 and not kinds <= set("iuf"):
        arrays = [array.astype(object) for array in arrays]
    common = numpy.result_type(*arrays)
    for name, array in zip(frame.columns, arrays):
        if common.kind == "f" and array.dtype.kind in "iu" and (array.astype(common).astype(object) != array).any():
            raise OverflowError(f"column {name!r} holds whole numbers that {common} would round; "
                                "to_numpy(structured=True) keeps them")
    return numpy.column_stack([array.astype(common) for array in arrays])


def structured_of(frame):
    """A structured array, a field a column."""
    arrays = {name: frame[name].to_numpy() for name in frame.columns}
    result = numpy.empty(len(frame), dtype=[(name, array.dtype) for name, array in arrays.items()])
    for name, array in arrays.items():
        result[name] = array
    return result
