/* functions.def.h — the table of functions, one line each; docs/expressions.md is written from it, and a test computes
 * every example.
 *
 *     FUNCTION(name, family, parameters, signature, check, run, f64, flags, what it gives, example, its value)
 *
 * Parameters: names in order, "= x" after one that may be left out, "..." for any number more. Signature
 * (fr_check_signature): t text, i integer, f number as f64; a capital must be a constant, ? may be absent; after the
 * colon the result, which may be b bool or d date as well.
 */

/* ---- operators --------------------------------------------------------------------------------------------------- */
FUNCTION("and", "operators", "a, b, ...", "", fr_check_and, NULL, NULL, FR_FUNCTION_OPERATOR,
         "true when all are; false as soon as one is false; else null", "true and null", "null")
FUNCTION("or", "operators", "a, b, ...", "", fr_check_or, NULL, NULL, FR_FUNCTION_OPERATOR,
         "true when one is; false when all are; else null", "true or null", "true")
FUNCTION("not", "operators", "a", "", fr_check_not, NULL, NULL, FR_FUNCTION_OPERATOR,
         "the opposite; null stays null", "not (1 > 2)", "true")
FUNCTION("==", "operators", "a, b", "", fr_check_compare, NULL, NULL, FR_FUNCTION_OPERATOR,
         "equal; null if one is null; nan equals nothing", "1 == 1.0", "true")
FUNCTION("!=", "operators", "a, b", "", fr_check_compare, NULL, NULL, FR_FUNCTION_OPERATOR,
         "not equal", "'a' != 'b'", "true")
FUNCTION("<", "operators", "a, b", "", fr_check_compare, NULL, NULL, FR_FUNCTION_OPERATOR,
         "less; text by bytes, dates by time", "'2024-01-31' < date '2024-02-01'", "true")
FUNCTION("<=", "operators", "a, b", "", fr_check_compare, NULL, NULL, FR_FUNCTION_OPERATOR,
         "less or equal", "1 < 2 <= 2", "true")
FUNCTION(">", "operators", "a, b", "", fr_check_compare, NULL, NULL, FR_FUNCTION_OPERATOR,
         "greater", "9223372036854775807 > 9223372036854775806.0", "false")
FUNCTION(">=", "operators", "a, b", "", fr_check_compare, NULL, NULL, FR_FUNCTION_OPERATOR,
         "greater or equal", "2 >= 3", "false")
FUNCTION("in", "operators", "x, list", "", fr_check_in, NULL, NULL, FR_FUNCTION_OPERATOR,
         "x equals one of the list", "'b' in ('a', 'b')", "true")
FUNCTION("list", "operators", "...", "", fr_check_list, NULL, NULL, FR_FUNCTION_OPERATOR,
         "a list, for in", "2 in [1, 2]", "true")
FUNCTION("between", "operators", "x, low, high", "", fr_check_between, NULL, NULL, FR_FUNCTION_OPERATOR,
         "low <= x and x <= high", "2 between 1 and 3", "true")
FUNCTION("if", "operators", "condition, a, b", "", fr_check_when, NULL, NULL, FR_FUNCTION_OPERATOR,
         "a where the condition is true, else b (also where it is null)", "'big' if 5 > 3 else 'small'", "'big'")
FUNCTION("+", "operators", "a, b", "", fr_check_add, NULL, NULL, FR_FUNCTION_OPERATOR | FR_FUNCTION_FAILS,
         "sum; texts are joined; date + duration", "1 + 2", "3")
FUNCTION("-", "operators", "a, b", "", fr_check_sub, NULL, NULL, FR_FUNCTION_OPERATOR | FR_FUNCTION_FAILS,
         "difference; of dates a duration", "date '2024-03-01' - date '2024-02-01' == duration '29d'", "true")
FUNCTION("*", "operators", "a, b", "", fr_check_mul, NULL, NULL, FR_FUNCTION_OPERATOR | FR_FUNCTION_FAILS,
         "product", "6 * 7", "42")
FUNCTION("/", "operators", "a, b", "", fr_check_div, NULL, NULL, FR_FUNCTION_OPERATOR,
         "quotient as f64 (of decimals: decimal)", "7 / 2", "3.5")
FUNCTION("//", "operators", "a, b", "", fr_check_floor_div, NULL, NULL, FR_FUNCTION_OPERATOR | FR_FUNCTION_FAILS,
         "quotient rounded down; of integers by 0 null", "-7 // 2", "-4")
FUNCTION("%", "operators", "a, b", "", fr_check_mod, NULL, NULL, FR_FUNCTION_OPERATOR,
         "remainder with the sign of b", "-7 % 2", "1")
FUNCTION("**", "operators", "a, b", "", fr_check_pow, NULL, NULL, FR_FUNCTION_OPERATOR | FR_FUNCTION_FAILS,
         "power; whole when the exponent is a whole constant", "2 ** 10", "1024")
FUNCTION("neg", "operators", "a", "", fr_check_neg, NULL, NULL, FR_FUNCTION_OPERATOR | FR_FUNCTION_FAILS,
         "the negative", "-(2 + 3)", "-5")

/* ---- logic ------------------------------------------------------------------------------------------------------- */
FUNCTION("is_null", "logic", "x", "", fr_check_is_null, NULL, NULL, 0,
         "true where x is null; also x is null", "is_null(null)", "true")
FUNCTION("is_not_null", "logic", "x", "", fr_check_is_not_null, NULL, NULL, 0,
         "true where x is not null", "is_not_null(1)", "true")
FUNCTION("xor", "logic", "a, b", "", fr_check_xor, NULL, NULL, 0,
         "true when exactly one is", "xor(true, false)", "true")
FUNCTION("when", "logic", "condition, value, ...", "", fr_check_when, NULL, NULL, 0,
         "the value after the first true condition; a last argument alone is the default",
         "when(1 > 2, 'a', 3 > 2, 'b', 'c')", "'b'")
FUNCTION("coalesce", "logic", "x, y, ...", "", fr_check_coalesce, NULL, NULL, 0,
         "the first that is not null", "coalesce(null, 2, 3)", "2")
FUNCTION("fill_null", "logic", "x, y", "", fr_check_coalesce, NULL, NULL, 0,
         "x, or y where x is null", "fill_null(null, 0)", "0")
FUNCTION("nullif", "logic", "x, y", "", fr_check_nullif, NULL, NULL, 0,
         "null where x equals y, else x", "nullif(3, 3)", "null")
FUNCTION("is_in", "logic", "x, list", "", fr_check_in, NULL, NULL, 0,
         "x in list", "is_in(2, [1, 2])", "true")

/* ---- types ------------------------------------------------------------------------------------------------------- */
FUNCTION("cast", "types", "x, type", "", fr_check_cast, NULL, NULL, FR_FUNCTION_FAILS,
         "x as a value of the type; what does not fit is an error", "cast('12', 'i32')", "12")
FUNCTION("try_cast", "types", "x, type", "", fr_check_try_cast, NULL, NULL, 0,
         "as cast, but null where it does not fit", "try_cast('x', 'i32')", "null")

/* ---- math -------------------------------------------------------------------------------------------------------- */
FUNCTION("abs", "math", "x", "", fr_check_abs, NULL, NULL, 0,
         "distance from 0", "abs(-3)", "3")
FUNCTION("sign", "math", "x", "", fr_check_sign, NULL, NULL, 0,
         "-1, 0 or 1", "sign(-2.5)", "-1.0")
FUNCTION("round", "math", "x, digits = 0", "", fr_check_round, NULL, NULL, 0,
         "to so many digits, half to even; of dates to a unit", "round(2.675, 2)", "2.68")
FUNCTION("floor", "math", "x, digits = 0", "", fr_check_floor, NULL, NULL, 0,
         "down, to so many digits (multiples of 10: floor(x / 10) * 10); of dates to the start of a unit: "
         "'15min', 'hour', 'day', 'week', 'month', 'quarter', 'year'", "floor(-1.5)", "-2.0")
FUNCTION("ceil", "math", "x, digits = 0", "", fr_check_ceil, NULL, NULL, 0,
         "up; of dates to the next start of a unit", "ceil(date '2024-02-02', 'month') == '2024-03-01'", "true")
FUNCTION("trunc", "math", "x, digits = 0", "", fr_check_trunc, NULL, NULL, 0,
         "towards 0", "trunc(-1.5)", "-1.0")
FUNCTION("sqrt", "math", "x", "f:f", fr_check_signature, fr_loop_f64, sqrt, 0,
         "square root; nan below 0", "sqrt(9)", "3.0")
FUNCTION("cbrt", "math", "x", "f:f", fr_check_signature, fr_loop_f64, fr_f64_cbrt, 0,
         "cube root", "cbrt(27)", "3.0")
FUNCTION("exp", "math", "x", "f:f", fr_check_signature, fr_loop_f64, exp, 0,
         "e to the x", "exp(0)", "1.0")
FUNCTION("expm1", "math", "x", "f:f", fr_check_signature, fr_loop_f64, expm1, 0,
         "exp(x) - 1, exact near 0", "expm1(0)", "0.0")
FUNCTION("log2", "math", "x", "f:f", fr_check_signature, fr_loop_f64, log2, 0,
         "logarithm to base 2", "log2(8)", "3.0")
FUNCTION("log10", "math", "x", "f:f", fr_check_signature, fr_loop_f64, log10, 0,
         "logarithm to base 10", "log10(1000)", "3.0")
FUNCTION("log1p", "math", "x", "f:f", fr_check_signature, fr_loop_f64, log1p, 0,
         "log(1 + x), exact near 0", "log1p(0)", "0.0")
FUNCTION("sin", "math", "x", "f:f", fr_check_signature, fr_loop_f64, sin, 0,
         "sine of radians", "sin(0)", "0.0")
FUNCTION("cos", "math", "x", "f:f", fr_check_signature, fr_loop_f64, cos, 0,
         "cosine of radians", "cos(0)", "1.0")
FUNCTION("tan", "math", "x", "f:f", fr_check_signature, fr_loop_f64, tan, 0,
         "tangent of radians", "tan(0)", "0.0")
FUNCTION("asin", "math", "x", "f:f", fr_check_signature, fr_loop_f64, asin, 0,
         "angle of a sine", "asin(0)", "0.0")
FUNCTION("acos", "math", "x", "f:f", fr_check_signature, fr_loop_f64, acos, 0,
         "angle of a cosine", "acos(1)", "0.0")
FUNCTION("atan", "math", "x", "f:f", fr_check_signature, fr_loop_f64, atan, 0,
         "angle of a tangent", "atan(0)", "0.0")
FUNCTION("sinh", "math", "x", "f:f", fr_check_signature, fr_loop_f64, sinh, 0,
         "hyperbolic sine", "sinh(0)", "0.0")
FUNCTION("cosh", "math", "x", "f:f", fr_check_signature, fr_loop_f64, cosh, 0,
         "hyperbolic cosine", "cosh(0)", "1.0")
FUNCTION("tanh", "math", "x", "f:f", fr_check_signature, fr_loop_f64, tanh, 0,
         "hyperbolic tangent", "tanh(0)", "0.0")
FUNCTION("log", "math", "x, base = 0", "f,f?:f", fr_check_signature, fr_loop_log, NULL, 0,
         "natural logarithm, or to a base", "log(8, 2)", "3.0")
FUNCTION("pow", "math", "x, y", "", fr_check_pow, NULL, NULL, FR_FUNCTION_FAILS,
         "x ** y", "pow(2, 0.5) ** 2 > 1.99", "true")
FUNCTION("atan2", "math", "y, x", "f,f:f", fr_check_signature, fr_loop_atan2, NULL, 0,
         "angle of the point (x, y)", "atan2(0, 1)", "0.0")
FUNCTION("hypot", "math", "x, y", "f,f:f", fr_check_signature, fr_loop_hypot, NULL, 0,
         "distance of the point (x, y)", "hypot(3, 4)", "5.0")
FUNCTION("degrees", "math", "x", "f:f", fr_check_signature, fr_loop_f64, fr_f64_degrees, 0,
         "radians to degrees", "degrees(0)", "0.0")
FUNCTION("radians", "math", "x", "f:f", fr_check_signature, fr_loop_f64, fr_f64_radians, 0,
         "degrees to radians", "radians(0)", "0.0")
FUNCTION("wrap_add", "math", "x, y", "", fr_check_wrap_add, NULL, NULL, 0,
         "x + y of integers, kept to 64 bits where it does not fit (for hashes and checksums)",
         "wrap_add(9223372036854775807, 1)", "-9223372036854775808")
FUNCTION("wrap_sub", "math", "x, y", "", fr_check_wrap_sub, NULL, NULL, 0,
         "x - y, likewise", "wrap_sub(-9223372036854775808, 1)", "9223372036854775807")
FUNCTION("wrap_mul", "math", "x, y", "", fr_check_wrap_mul, NULL, NULL, 0,
         "x * y, likewise", "wrap_mul(4611686018427387904, 4)", "0")
FUNCTION("least", "math", "x, y, ...", "", fr_check_least, NULL, NULL, 0,
         "the smallest; nulls are skipped", "least(3, 1, 2)", "1")
FUNCTION("greatest", "math", "x, y, ...", "", fr_check_greatest, NULL, NULL, 0,
         "the largest; nulls are skipped", "greatest(3, null, 2)", "3")
FUNCTION("clip", "math", "x, low, high", "", fr_check_clip, NULL, NULL, 0,
         "x held between low and high; a null bound does not bound", "clip(7, 0, 5)", "5")
FUNCTION("is_nan", "math", "x", "f:b", fr_check_signature, fr_loop_is_nan, NULL, 0,
         "true for nan", "is_nan(0 / 0)", "true")
FUNCTION("is_finite", "math", "x", "f:b", fr_check_signature, fr_loop_is_finite, NULL, 0,
         "true unless nan or infinite", "is_finite(1 / 0)", "false")
FUNCTION("is_infinite", "math", "x", "f:b", fr_check_signature, fr_loop_is_infinite, NULL, 0,
         "true for inf and -inf", "is_infinite(1 / 0)", "true")
FUNCTION("nan_to_null", "math", "x", "f:f", fr_check_signature, fr_loop_nan_to_null, NULL, 0,
         "null where x is nan", "nan_to_null(0 / 0)", "null")
FUNCTION("bit_and", "math", "x, y", "i,i:i", fr_check_bits, fr_loop_bits, NULL, 0,
         "bits set in both", "bit_and(6, 3)", "2")
FUNCTION("bit_or", "math", "x, y", "i,i:i", fr_check_bits, fr_loop_bits, NULL, 0,
         "bits set in one or both", "bit_or(6, 3)", "7")
FUNCTION("bit_xor", "math", "x, y", "i,i:i", fr_check_bits, fr_loop_bits, NULL, 0,
         "bits set in exactly one", "bit_xor(6, 3)", "5")
FUNCTION("bit_not", "math", "x", "i:i", fr_check_bits, fr_loop_bits, NULL, 0,
         "every bit turned", "bit_not(0)", "-1")
FUNCTION("bit_count", "math", "x", "i:i", fr_check_bits, fr_loop_bits, NULL, 0,
         "how many bits are set", "bit_count(7)", "3")
FUNCTION("bit_left", "math", "x, n", "i,i:i", fr_check_shift_bits, fr_loop_shift_bits, NULL, FR_FUNCTION_FAILS,
         "x shifted left by n bits", "bit_left(1, 4)", "16")
FUNCTION("bit_right", "math", "x, n", "i,i:i", fr_check_shift_bits, fr_loop_shift_bits, NULL, 0,
         "x shifted right by n bits", "bit_right(16, 4)", "1")
FUNCTION("hash", "math", "x", "", fr_check_hash, NULL, NULL, 0,
         "a 64-bit hash of the value, always the same", "hash('a') == hash('a')", "true")

/* ---- text -------------------------------------------------------------------------------------------------------- */
FUNCTION("lower", "text", "text", "t:t", fr_check_signature, fr_loop_lower, NULL, 0,
         "in small letters", "'ABC'.lower()", "'abc'")
FUNCTION("upper", "text", "text", "t:t", fr_check_signature, fr_loop_upper, NULL, 0,
         "in capitals (ß becomes SS)", "upper('straße')", "'STRASSE'")
FUNCTION("title", "text", "text", "t:t", fr_check_signature, fr_loop_title, NULL, 0,
         "each word with a capital", "title('o\\'neil mc-x')", "'O\\'Neil Mc-X'")
FUNCTION("capitalize", "text", "text", "t:t", fr_check_signature, fr_loop_capitalize, NULL, 0,
         "the first character upper, the rest lower", "capitalize('aBC')", "'Abc'")
FUNCTION("swapcase", "text", "text", "t:t", fr_check_signature, fr_loop_swapcase, NULL, 0,
         "upper to lower and back", "swapcase('aB')", "'Ab'")
FUNCTION("len", "text", "text", "t:i", fr_check_text_scan, fr_loop_len, NULL, 0,
         "characters (code points)", "len('añb')", "3")
FUNCTION("bytes", "text", "text", "t:i", fr_check_text_scan, fr_loop_bytes, NULL, 0,
         "bytes in UTF-8", "bytes('añb')", "4")
FUNCTION("strip", "text", "text, chars = ' '", "t,t?:t", fr_check_signature, fr_loop_strip, NULL, FR_FUNCTION_PART,
         "without white space (or the given characters) at both ends", "strip('  a ')", "'a'")
FUNCTION("lstrip", "text", "text, chars = ' '", "t,t?:t", fr_check_signature, fr_loop_lstrip, NULL, FR_FUNCTION_PART,
         "the same at the start", "lstrip('xxa', 'x')", "'a'")
FUNCTION("rstrip", "text", "text, chars = ' '", "t,t?:t", fr_check_signature, fr_loop_rstrip, NULL, FR_FUNCTION_PART,
         "the same at the end", "rstrip('a!!', '!')", "'a'")
FUNCTION("contains", "text", "text, part", "t,t:b", fr_check_text_scan, fr_loop_contains, NULL, 0,
         "part occurs in it (as it is, no pattern)", "contains('a.b', '.')", "true")
FUNCTION("startswith", "text", "text, part", "t,t:b", fr_check_text_scan, fr_loop_starts, NULL, 0,
         "begins with part", "startswith('abc', 'ab')", "true")
FUNCTION("endswith", "text", "text, part", "t,t:b", fr_check_text_scan, fr_loop_ends, NULL, 0,
         "ends with part", "endswith('abc', 'bc')", "true")
FUNCTION("find", "text", "text, part", "t,t:i", fr_check_signature, fr_loop_find, NULL, 0,
         "position of the first occurrence, -1 if none", "find('banana', 'an')", "1")
FUNCTION("rfind", "text", "text, part", "t,t:i", fr_check_signature, fr_loop_rfind, NULL, 0,
         "position of the last occurrence, -1 if none", "rfind('banana', 'an')", "3")
FUNCTION("count", "text", "text, part", "t,t:i", fr_check_signature, fr_loop_count, NULL, 0,
         "how often part occurs", "count('banana', 'an')", "2")
FUNCTION("replace", "text", "text, part, by", "t,t,t:t", fr_check_signature, fr_loop_replace, NULL, 0,
         "every occurrence replaced (no pattern)", "replace('a-b-c', '-', '+')", "'a+b+c'")
FUNCTION("replace_first", "text", "text, part, by", "t,t,t:t", fr_check_signature, fr_loop_replace_first, NULL, 0,
         "the first occurrence replaced", "replace_first('a-b-c', '-', '+')", "'a+b-c'")
FUNCTION("remove_prefix", "text", "text, part", "t,t:t", fr_check_signature, fr_loop_remove_prefix, NULL, FR_FUNCTION_PART,
         "without part at the start", "remove_prefix('id_7', 'id_')", "'7'")
FUNCTION("remove_suffix", "text", "text, part", "t,t:t", fr_check_signature, fr_loop_remove_suffix, NULL, FR_FUNCTION_PART,
         "without part at the end", "remove_suffix('a.csv', '.csv')", "'a'")
FUNCTION("slice", "text", "text, start, stop = 0", "t,i,i?:t", fr_check_signature, fr_loop_slice, NULL, FR_FUNCTION_PART,
         "characters from start to before stop; negative: from the end", "slice('abcdef', 1, -2)", "'bcd'")
FUNCTION("get", "text", "text, index", "t,i:t", fr_check_signature, fr_loop_char_at, NULL, FR_FUNCTION_PART,
         "one character; null when out of range", "get('abc', -1)", "'c'")
FUNCTION("left", "text", "text, n", "t,i:t", fr_check_signature, fr_loop_left, NULL, FR_FUNCTION_PART,
         "the first n characters", "left('abc', 2)", "'ab'")
FUNCTION("right", "text", "text, n", "t,i:t", fr_check_signature, fr_loop_right, NULL, FR_FUNCTION_PART,
         "the last n characters", "right('abc', 2)", "'bc'")
FUNCTION("split_part", "text", "text, separator, index", "t,t,i:t", fr_check_signature, fr_loop_split_part, NULL, FR_FUNCTION_PART,
         "one part between separators; null when there is none", "split_part('a-b-c', '-', 1)", "'b'")
FUNCTION("concat", "text", "x, ...", "", fr_check_concat, NULL, NULL, 0,
         "joined; what is no text is written out; null if one is null", "concat('a', 1, true)", "'a1true'")
FUNCTION("repeat", "text", "text, n", "t,i:t", fr_check_signature, fr_loop_repeat, NULL, FR_FUNCTION_FAILS,
         "n times in a row", "repeat('ab', 3)", "'ababab'")
FUNCTION("reverse", "text", "text", "t:t", fr_check_signature, fr_loop_reverse, NULL, 0,
         "backwards", "reverse('abc')", "'cba'")
FUNCTION("ljust", "text", "text, width, fill = ' '", "t,i,t?:t", fr_check_signature, fr_loop_ljust, NULL,
         FR_FUNCTION_FAILS,
         "filled up on the right to a width", "ljust('a', 3, '.')", "'a..'")
FUNCTION("rjust", "text", "text, width, fill = ' '", "t,i,t?:t", fr_check_signature, fr_loop_rjust, NULL,
         FR_FUNCTION_FAILS,
         "filled up on the left", "rjust('a', 3)", "'  a'")
FUNCTION("center", "text", "text, width, fill = ' '", "t,i,t?:t", fr_check_signature, fr_loop_center, NULL,
         FR_FUNCTION_FAILS,
         "filled up on both sides", "center('a', 4, '*')", "'*a**'")
FUNCTION("zfill", "text", "text, width", "t,i:t", fr_check_signature, fr_loop_zfill, NULL, FR_FUNCTION_FAILS,
         "zeros on the left, after a sign", "zfill('-5', 3)", "'-05'")
FUNCTION("isdigit", "text", "text", "t:b", fr_check_signature, fr_loop_isdigit, NULL, 0,
         "all digits (², ① too)", "isdigit('42')", "true")
FUNCTION("isdecimal", "text", "text", "t:b", fr_check_signature, fr_loop_isdecimal, NULL, 0,
         "all decimal digits", "isdecimal('²')", "false")
FUNCTION("isnumeric", "text", "text", "t:b", fr_check_signature, fr_loop_isnumeric, NULL, 0,
         "all numeric (½ too)", "isnumeric('½')", "true")
FUNCTION("isalpha", "text", "text", "t:b", fr_check_signature, fr_loop_isalpha, NULL, 0,
         "all letters", "isalpha('añb')", "true")
FUNCTION("isalnum", "text", "text", "t:b", fr_check_signature, fr_loop_isalnum, NULL, 0,
         "all letters or numbers", "isalnum('a1')", "true")
FUNCTION("isspace", "text", "text", "t:b", fr_check_signature, fr_loop_isspace, NULL, 0,
         "all white space", "isspace(' ')", "true")
FUNCTION("isupper", "text", "text", "t:b", fr_check_signature, fr_loop_isupper, NULL, 0,
         "letters, all of them capitals", "isupper('A1')", "true")
FUNCTION("islower", "text", "text", "t:b", fr_check_signature, fr_loop_islower, NULL, 0,
         "letters, all of them small", "islower('aB')", "false")
FUNCTION("isascii", "text", "text", "t:b", fr_check_signature, fr_loop_isascii, NULL, 0,
         "all characters below 128", "isascii('a')", "true")
FUNCTION("ord", "text", "text", "t:i", fr_check_signature, fr_loop_ord, NULL, 0,
         "code point of the first character", "ord('A')", "65")
FUNCTION("chr", "text", "code", "i:t", fr_check_signature, fr_loop_chr, NULL, 0,
         "the character of a code point", "chr(65)", "'A'")

/* ---- patterns ---------------------------------------------------------------------------------------------------- */
FUNCTION("matches", "patterns", "text, pattern", "t,T:b", fr_check_pattern, fr_loop_matches, NULL, FR_FUNCTION_FAILS,
         "the regular expression is found somewhere", "matches('ab12', '[0-9]+$')", "true")
FUNCTION("fullmatch", "patterns", "text, pattern", "t,T:b", fr_check_pattern, fr_loop_fullmatch, NULL,
         FR_FUNCTION_FAILS,
         "the regular expression matches all of it", "fullmatch('ab12', '[a-z]+')", "false")
FUNCTION("extract", "patterns", "text, pattern, group = 1", "t,T,I?:t", fr_check_extract, fr_loop_extract, NULL,
         FR_FUNCTION_FAILS | FR_FUNCTION_PART,
         "what a group (default: the first, or all) matched; null if nothing", "extract('id=42', 'id=(\\\\d+)')",
             "'42'")
FUNCTION("count_regex", "patterns", "text, pattern", "t,T:i", fr_check_pattern, fr_loop_count_regex, NULL,
         FR_FUNCTION_FAILS,
         "how often it matches", "count_regex('a1b22', '[0-9]+')", "2")
FUNCTION("replace_regex", "patterns", "text, pattern, by", "t,T,t:t", fr_check_pattern, fr_loop_replace_regex, NULL,
         FR_FUNCTION_FAILS,
         "every match replaced; \\\\1 stands for group 1",
         "replace_regex('a1b2', '([0-9])', '<\\\\1>')", "'a<1>b<2>'")

/* ---- lists ------------------------------------------------------------------------------------------------------- */
FUNCTION("split", "lists", "text, separator = ' '", "", fr_check_split, NULL, NULL, 0,
         "a list of the parts; without separator at white space", "list_len(split('a b  c'))", "3")
FUNCTION("join", "lists", "list, separator", "", fr_check_join, NULL, NULL, 0,
         "the texts of a list in one", "join(split('a-b', '-'), '+')", "'a+b'")
FUNCTION("list_get", "lists", "list, index", "", fr_check_join, NULL, NULL, 0,
         "one item; null when out of range", "list_get(split('a-b', '-'), 1)", "'b'")
FUNCTION("list_len", "lists", "list", "", fr_check_join, NULL, NULL, 0,
         "how many items", "list_len(split('a-b', '-'))", "2")

/* ---- structs ----------------------------------------------------------------------------------------------------- */
FUNCTION("field", "structs", "struct, name", "", fr_check_field, NULL, NULL, 0,
         "the field of a struct, also written struct.name", "field(null, 'city')", "null")

/* ---- dates ------------------------------------------------------------------------------------------------------- */
FUNCTION("year", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "year", "year(date '2024-02-29')", "2024")
FUNCTION("month", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "1 to 12", "month(date '2024-02-29')", "2")
FUNCTION("day", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "1 to 31", "day(date '2024-02-29')", "29")
FUNCTION("quarter", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "1 to 4", "quarter(date '2024-02-29')", "1")
FUNCTION("weekday", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "Monday 0 to Sunday 6", "weekday(date '2024-02-29')", "3")
FUNCTION("isoweekday", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "Monday 1 to Sunday 7", "isoweekday(date '2024-02-29')", "4")
FUNCTION("isoweek", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "ISO week, 1 to 53", "isoweek(date '2024-02-29')", "9")
FUNCTION("isoyear", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "the year the ISO week belongs to", "isoyear(date '2024-02-29')", "2024")
FUNCTION("day_of_year", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "1 to 366", "day_of_year(date '2024-02-29')", "60")
FUNCTION("days_in_month", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "28 to 31", "days_in_month(date '2024-02-29')", "29")
FUNCTION("is_leap_year", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "the year has 366 days", "is_leap_year(date '2024-02-29')", "true")
FUNCTION("is_month_start", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "first day of the month", "is_month_start(date '2024-02-29')", "false")
FUNCTION("is_month_end", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "last day of the month", "is_month_end(date '2024-02-29')", "true")
FUNCTION("is_quarter_start", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "first day of the quarter", "is_quarter_start(date '2024-02-29')", "false")
FUNCTION("is_quarter_end", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "last day of the quarter", "is_quarter_end(date '2024-02-29')", "false")
FUNCTION("is_year_start", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "first of January", "is_year_start(date '2024-02-29')", "false")
FUNCTION("is_year_end", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "last of December", "is_year_end(date '2024-02-29')", "false")
FUNCTION("is_weekend", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "Saturday or Sunday", "is_weekend(date '2024-02-29')", "false")
FUNCTION("month_name", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "its English name", "month_name(date '2024-02-29')", "'February'")
FUNCTION("day_name", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "its English name", "day_name(date '2024-02-29')", "'Thursday'")
FUNCTION("year_month", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "a key such as 2024-02", "year_month(date '2024-02-29')", "'2024-02'")
FUNCTION("year_quarter", "dates", "date", "", fr_check_date_part, NULL, NULL, 0,
         "a key such as 2024Q1", "year_quarter(date '2024-02-29')", "'2024Q1'")
FUNCTION("hour", "dates", "datetime", "", fr_check_time_part, NULL, NULL, 0,
         "0 to 23", "hour(datetime '2024-02-29 13:45:06.789')", "13")
FUNCTION("minute", "dates", "datetime", "", fr_check_time_part, NULL, NULL, 0,
         "0 to 59", "minute(datetime '2024-02-29 13:45:06.789')", "45")
FUNCTION("second", "dates", "datetime", "", fr_check_time_part, NULL, NULL, 0,
         "0 to 59", "second(datetime '2024-02-29 13:45:06.789')", "6")
FUNCTION("millisecond", "dates", "datetime", "", fr_check_time_part, NULL, NULL, 0,
         "of the second, 0 to 999", "millisecond(datetime '2024-02-29 13:45:06.789')", "789")
FUNCTION("microsecond", "dates", "datetime", "", fr_check_time_part, NULL, NULL, 0,
         "of the second, 0 to 999999", "microsecond(datetime '2024-02-29 13:45:06.789')", "789000")
FUNCTION("nanosecond", "dates", "datetime", "", fr_check_time_part, NULL, NULL, 0,
         "of the second, 0 to 999999999", "nanosecond(datetime '2024-02-29 13:45:06.789')", "789000000")
FUNCTION("date", "dates", "datetime", "", fr_check_date_of, NULL, NULL, 0,
         "the day of a datetime (on its own clock)", "date(datetime '2024-02-29 13:45:06.789') == '2024-02-29'", "true")
FUNCTION("time", "dates", "datetime", "", fr_check_time_of, NULL, NULL, 0,
         "the time of day", "hour(time(datetime '2024-02-29 13:45:06.789'))", "13")
FUNCTION("make_date", "dates", "year, month, day", "i,i,i:d", fr_check_make_date, NULL, NULL, FR_FUNCTION_FAILS,
         "a date from its parts; an impossible one is an error", "make_date(2024, 2, 29) == '2024-02-29'", "true")
FUNCTION("add_days", "dates", "date, n", "", fr_check_add_days, NULL, NULL, FR_FUNCTION_FAILS,
         "n days later", "add_days(date '2024-02-29', 1) == '2024-03-01'", "true")
FUNCTION("add_weeks", "dates", "date, n", "", fr_check_add_days, NULL, NULL, FR_FUNCTION_FAILS,
         "n weeks later", "add_weeks(date '2024-02-29', 1) == '2024-03-07'", "true")
FUNCTION("add_months", "dates", "date, n", "", fr_check_add_months, NULL, NULL, FR_FUNCTION_FAILS,
         "n months later, clipped to the last of the month", "add_months(date '2024-01-31', 1) == '2024-02-29'", "true")
FUNCTION("add_quarters", "dates", "date, n", "", fr_check_add_months, NULL, NULL, FR_FUNCTION_FAILS,
         "n quarters later", "add_quarters(date '2024-02-29', 1) == '2024-05-29'", "true")
FUNCTION("add_years", "dates", "date, n", "", fr_check_add_months, NULL, NULL, FR_FUNCTION_FAILS,
         "n years later", "add_years(date '2024-02-29', 1) == '2025-02-28'", "true")
FUNCTION("month_start", "dates", "date", "", fr_check_month_edge, NULL, NULL, FR_FUNCTION_FAILS,
         "first day of its month", "month_start(date '2024-02-29') == '2024-02-01'", "true")
FUNCTION("month_end", "dates", "date", "", fr_check_month_edge, NULL, NULL, FR_FUNCTION_FAILS,
         "last day of its month", "month_end(date '2024-02-29') == '2024-02-29'", "true")
FUNCTION("quarter_start", "dates", "date", "", fr_check_month_edge, NULL, NULL, FR_FUNCTION_FAILS,
         "first day of its quarter", "quarter_start(date '2024-02-29') == '2024-01-01'", "true")
FUNCTION("quarter_end", "dates", "date", "", fr_check_month_edge, NULL, NULL, FR_FUNCTION_FAILS,
         "last day of its quarter", "quarter_end(date '2024-02-29') == '2024-03-31'", "true")
FUNCTION("year_start", "dates", "date", "", fr_check_month_edge, NULL, NULL, FR_FUNCTION_FAILS,
         "first of January", "year_start(date '2024-02-29') == '2024-01-01'", "true")
FUNCTION("year_end", "dates", "date", "", fr_check_month_edge, NULL, NULL, FR_FUNCTION_FAILS,
         "last of December", "year_end(date '2024-02-29') == '2024-12-31'", "true")
FUNCTION("strftime", "dates", "date, format", "", fr_check_strftime, NULL, NULL, 0,
         "as text by a format", "strftime(date '2024-02-29', '%d.%m.%Y')", "'29.02.2024'")
FUNCTION("strptime", "dates", "text, format", "t,T?:d", fr_check_strptime, NULL, NULL, FR_FUNCTION_FAILS,
         "text by a format: a date, or a datetime where it has a time",
         "strptime('29.02.2024', '%d.%m.%Y') == '2024-02-29'", "true")
FUNCTION("try_strptime", "dates", "text, format", "t,T?:d", fr_check_strptime, NULL, NULL, 0,
         "as strptime, null where it does not fit", "try_strptime('x', '%Y')", "null")
FUNCTION("parse_date", "dates", "text, format = ''", "t,T?:d", fr_check_strptime, NULL, NULL, FR_FUNCTION_FAILS,
         "ISO 8601 text (or by a format) as a date", "parse_date('2024-02-29') == '2024-02-29'", "true")
FUNCTION("try_parse_date", "dates", "text, format = ''", "t,T?:d", fr_check_strptime, NULL, NULL, 0,
         "as parse_date, null where it does not fit", "try_parse_date('2023-02-29')", "null")
FUNCTION("parse_datetime", "dates", "text, format = ''", "t,T?:d", fr_check_strptime, NULL, NULL, FR_FUNCTION_FAILS,
         "ISO 8601 text (or by a format) as a datetime", "hour(parse_datetime('2024-02-29 10:00'))", "10")
FUNCTION("try_parse_datetime", "dates", "text, format = ''", "t,T?:d", fr_check_strptime, NULL, NULL, 0,
         "as parse_datetime, null where it does not fit", "try_parse_datetime('24:00')", "null")
FUNCTION("epoch", "dates", "date, unit = 's'", "", fr_check_epoch, NULL, NULL, FR_FUNCTION_FAILS,
         "whole units since 1970-01-01 00:00 UTC", "epoch(date '1970-01-02')", "86400")
FUNCTION("from_epoch", "dates", "n, unit = 's'", "i,T?:i", fr_check_from_epoch, NULL, NULL, 0,
         "the datetime so many units after 1970-01-01 00:00", "from_epoch(86400) == '1970-01-02'", "true")

/* ---- zones ------------------------------------------------------------------------------------------------------- */
FUNCTION("localize", "zones", "datetime, zone, policy = 'error'", "", fr_check_localize, NULL, NULL, FR_FUNCTION_FAILS,
         "clock time in a zone; times that happened twice or never: 'error', 'earliest', 'latest', 'shift', 'null'",
         "epoch(localize(datetime '2024-07-01 12:00', 'Europe/Berlin'))", "1719828000")
FUNCTION("to_zone", "zones", "datetime, zone", "", fr_check_to_zone, NULL, NULL, 0,
         "the same instant on another clock",
         "hour(to_zone(localize(datetime '2024-07-01 12:00', 'UTC'), 'Europe/Berlin'))", "14")
FUNCTION("wall_time", "zones", "datetime", "", fr_check_wall_time, NULL, NULL, FR_FUNCTION_FAILS,
         "what its clock shows, without the zone",
         "wall_time(localize(datetime '2024-07-01 12:00', '+02:00')) == '2024-07-01 12:00'", "true")

/* ---- durations --------------------------------------------------------------------------------------------------- */
FUNCTION("duration", "durations", "n, unit", "i,T:i", fr_check_duration, NULL, NULL, FR_FUNCTION_FAILS,
         "n units: 'w', 'd', 'h', 'min', 's', 'ms', 'us', 'ns'", "duration(90, 'min') == duration '1h30min'", "true")
FUNCTION("days", "durations", "duration", "", fr_check_total, NULL, NULL, 0,
         "whole days, rounded down", "days(duration '1d12h')", "1")
FUNCTION("total_days", "durations", "duration", "", fr_check_total, NULL, NULL, 0,
         "days with fraction", "total_days(duration '1d12h')", "1.5")
FUNCTION("total_hours", "durations", "duration", "", fr_check_total, NULL, NULL, 0,
         "hours", "total_hours(duration '1d12h')", "36.0")
FUNCTION("total_minutes", "durations", "duration", "", fr_check_total, NULL, NULL, 0,
         "minutes", "total_minutes(duration '1d12h')", "2160.0")
FUNCTION("total_seconds", "durations", "duration", "", fr_check_total, NULL, NULL, 0,
         "seconds", "total_seconds(duration '1d12h')", "129600.0")

/* ---- rows -------------------------------------------------------------------------------------------------------- */
FUNCTION("row_index", "rows", "", "", fr_check_row_index, NULL, NULL, FR_FUNCTION_WINDOW,
         "number of the row, from 0 (in its group); SQL's row_number is one more", "row_index()", "0")
FUNCTION("shift", "rows", "x, n = 1", "", fr_check_shift, NULL, NULL, FR_FUNCTION_WINDOW,
         "the value n rows before (negative: after); null where there is none", "shift(1)", "null")
FUNCTION("diff", "rows", "x, n = 1", "", fr_check_diff, NULL, NULL, FR_FUNCTION_WINDOW,
         "x - shift(x, n)", "diff(1)", "null")
FUNCTION("cum_sum", "rows", "x", "", fr_check_cumulative, NULL, NULL, FR_FUNCTION_WINDOW,
         "running total, also of durations; nulls are skipped", "cum_sum(2)", "2")
FUNCTION("cum_prod", "rows", "x", "", fr_check_cumulative, NULL, NULL, FR_FUNCTION_WINDOW,
         "running product", "cum_prod(2)", "2")
FUNCTION("cum_min", "rows", "x", "", fr_check_cumulative, NULL, NULL, FR_FUNCTION_WINDOW,
         "smallest so far, or earliest", "cum_min(2)", "2")
FUNCTION("cum_max", "rows", "x", "", fr_check_cumulative, NULL, NULL, FR_FUNCTION_WINDOW,
         "largest so far, or latest", "cum_max(2)", "2")
FUNCTION("cum_count", "rows", "x", "", fr_check_cumulative, NULL, NULL, FR_FUNCTION_WINDOW,
         "how many so far are not null", "cum_count(2)", "1")
FUNCTION("rolling_sum", "rows", "x, n", "", fr_check_rolling, NULL, NULL, FR_FUNCTION_WINDOW,
         "sum of this row and the n - 1 before it; null until n values are there", "rolling_sum(2, 1)", "2")
FUNCTION("rolling_mean", "rows", "x, n", "", fr_check_rolling, NULL, NULL, FR_FUNCTION_WINDOW,
         "their mean", "rolling_mean(2, 1)", "2.0")
FUNCTION("rolling_min", "rows", "x, n", "", fr_check_rolling, NULL, NULL, FR_FUNCTION_WINDOW,
         "the smallest of them", "rolling_min(2, 1)", "2")
FUNCTION("rolling_max", "rows", "x, n", "", fr_check_rolling, NULL, NULL, FR_FUNCTION_WINDOW,
         "the largest of them", "rolling_max(2, 1)", "2")
FUNCTION("rank", "rows", "x, method = 'average'", "", fr_check_rank, NULL, NULL, FR_FUNCTION_WINDOW,
         "place when sorted, from 1; ties: 'average', 'min', 'max', 'dense', 'first'", "rank(7)", "1.0")
