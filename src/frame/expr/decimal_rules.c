/* decimal_rules.c — decimals under + - * / // %: scales, overflow, rounding (docs/types.md says the same in words).
 *
 *     a ± b     scale max(s, t), one digit more than the wider whole part          exact
 *     a * b     scale s + t, p + q digits                                          exact
 *     a / b     scale max(s, t) + 6 (at most 38 - whole digits of the quotient)    rounded half to even
 *     a // b    scale 0, rounded down            a % b   scale max(s, t), sign of b
 *
 * At most 38 digits: a result type is cut to 38, a value that does not fit is an error that names the row. Division by
 * zero gives null, as for integers. An integer counts as a decimal without a point, a literal as exactly what is
 * written.
 */
#include "expr/decimal_rules.h"

#include "base/decimal.h"
#include "expr/fn.h"

static int least(int a, int b) { return a < b ? a : b; }
static int most(int a, int b) { return a > b ? a : b; }

bool fr_decimal_result(char op, fr_digits a, fr_digits b, fr_digits *out)
{
    int scale = most(a.scale, b.scale), whole_a = a.precision - a.scale, whole_b = b.precision - b.scale;
    switch (op) {
    case '*': *out = (fr_digits){ a.precision + b.precision, a.scale + b.scale }; break;
    case '/': scale = least(scale + 6, FR_DECIMAL_DIGITS); *out = (fr_digits){ whole_a + b.scale + scale, scale }; break;
    case 'f': *out = (fr_digits){ whole_a + b.scale + 1, 0 }; break;
    case '%': *out = (fr_digits){ whole_b + scale, scale }; break;
    default: *out = (fr_digits){ most(whole_a, whole_b) + scale + 1, scale }; break;
    }
    if (op == '/' && out->precision > FR_DECIMAL_DIGITS)
        out->scale = most(most(a.scale, b.scale), out->scale - (out->precision - FR_DECIMAL_DIGITS));
    out->precision = most(least(out->precision, FR_DECIMAL_DIGITS), most(out->scale, 1));
    return out->scale <= FR_DECIMAL_DIGITS;
}

/* ---- one operation ----------------------------------------------------------------------------------------------- */
static bool scale_up(fr_i128 x, int digits, fr_i128 *out)
{
    if (digits == 0) return *out = x, true;
    if (digits > FR_DECIMAL_DIGITS) return *out = 0, x == 0;
    return !__builtin_mul_overflow(x, fr_decimal_pow10(digits), out);
}

static fr_i128 absolute(fr_i128 x) { return x < 0 ? -x : x; }

/* a × 10^digits / b rounded half to even, by long division: the product itself may need more than 128 bits. */
static int divide(fr_i128 a, fr_i128 b, int digits, fr_i128 *out)
{
    bool negative = (a < 0) != (b < 0);
    fr_u128 rest, y = (fr_u128)absolute(b), q;
    for (; digits < 0; digits++)
        if (y > (~(fr_u128)0 >> 1) / 10) return *out = 0, 0;
        else y *= 10;
    q = (fr_u128)absolute(a) / y;
    rest = (fr_u128)absolute(a) % y;
    for (; digits > 0; digits--) {
        fr_u128 next = 0, digit = 0;                    /* rest × 10 in steps that cannot overflow: rest < y < 2^127 */
        for (int i = 0; i < 10; i++) {
            next += rest;
            if (next >= y) next -= y, digit++;
        }
        if (q > ((~(fr_u128)0 >> 1) - 9) / 10) return 1;
        q = q * 10 + digit;
        rest = next;
    }
    fr_u128 half = y - rest;
    if (rest > half || (rest == half && (q & 1))) q++;
    if (q > (~(fr_u128)0 >> 1)) return 1;
    *out = negative ? -(fr_i128)q : (fr_i128)q;
    return 0;
}

/* a // b and a % b, where a or b needs more than 128 bits at the common scale. */
static int divide_far(char op, fr_i128 a, int up_a, fr_i128 b, int up_b, fr_digits result, fr_i128 *out)
{
    const bool negative = (a < 0) != (b < 0);
    fr_u128 x = (fr_u128)absolute(a), y = (fr_u128)absolute(b), q = 0, rest = x;
    bool far = false;                                   /* y × 10^up_b is beyond 128 bits: a / b lies between -1 and 1 */
    for (; up_b > 0 && !far; up_b--) far = __builtin_mul_overflow(y, (fr_u128)10, &y);
    if (!far) q = x / y, rest = x % y;
    bool over = false;
    for (; up_a > 0; up_a--) {                          /* y is b, below 10^38: rest × 10 in steps below 2 × y */
        fr_u128 next = 0, digit = 0;
        for (int i = 0; i < 10; i++) {
            next += rest;
            if (next >= y) next -= y, digit++;
        }
        over = over || __builtin_mul_overflow(q, (fr_u128)10, &q) || __builtin_add_overflow(q, digit, &q);
        rest = next;
    }
    const bool down = rest != 0 && negative;
    if (op == '%') {
        if (down && (far || y - rest >= (fr_u128)fr_decimal_pow10(result.precision))) return 1;
        rest = down ? y - rest : rest;
        *out = b < 0 ? -(fr_i128)rest : (fr_i128)rest;
    } else {
        if (over || q >= (fr_u128)fr_decimal_pow10(result.precision)) return 1;
        *out = negative ? -(fr_i128)q - down : (fr_i128)q;
    }
    return !fr_decimal_fits(*out, result.precision);
}

int fr_decimal_compute(char op, fr_i128 a, int scale_a, fr_i128 b, int scale_b, fr_digits result, fr_i128 *out)
{
    fr_i128 x, y;
    int common = most(scale_a, scale_b);
    if (op == '*') return __builtin_mul_overflow(a, b, out) || !fr_decimal_fits(*out, result.precision);
    if (op == '/') {
        if (b == 0) return 2;
        int bad = divide(a, b, result.scale - scale_a + scale_b, out);
        return bad || !fr_decimal_fits(*out, result.precision);
    }
    if (!scale_up(a, common - scale_a, &x) || !scale_up(b, common - scale_b, &y))
        return op == '+' || op == '-' ? 1 : b == 0 ? 2 : divide_far(op, a, common - scale_a, b, common - scale_b, result, out);
    if (op == '+') return __builtin_add_overflow(x, y, out) || !fr_decimal_fits(*out, result.precision);
    if (op == '-') return __builtin_sub_overflow(x, y, out) || !fr_decimal_fits(*out, result.precision);
    if (y == 0) return 2;
    fr_i128 rest = x % y, quotient = x / y;
    bool down = rest != 0 && (rest < 0) != (y < 0);
    *out = op == '%' ? (down ? rest + y : rest) : quotient - down;
    return !fr_decimal_fits(*out, result.precision);
}

int fr_decimal_compare(fr_i128 a, int scale_a, fr_i128 b, int scale_b)
{
    fr_i128 x, y;
    int common = most(scale_a, scale_b);
    if (!scale_up(a, common - scale_a, &x)) return a < 0 ? -1 : 1;    /* larger than anything the other side can hold */
    if (!scale_up(b, common - scale_b, &y)) return b < 0 ? 1 : -1;
    return (x > y) - (x < y);
}

/* ---- the check and the run --------------------------------------------------------------------------------------- */
static bool run_decimal(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    fr_i128 *to = out->room;
    const fr_i128 *a = args[0].values, *b = args[1].values;
    int scale_a = term->args[0]->type->scale, scale_b = term->args[1]->type->scale;
    fr_digits result = { term->type->precision, term->type->scale };
    char left[FR_NUMBER_BYTES], right[FR_NUMBER_BYTES], type[FR_TYPE_TEXT_BYTES];
    for (size_t i = 0; i < run->n; i++) {
        to[i] = 0;
        if (!fr_vector_has(out, i)) continue;
        fr_i128 x = a[i * args[0].step], y = b[i * args[1].step];
        int bad = fr_decimal_compute((char)term->i, x, scale_a, y, scale_b, result, to + i);
        if (!bad) continue;
        (void)fr_print_decimal(x, scale_a, left);
        (void)fr_print_decimal(y, scale_b, right);
        if (bad == 1 && !fr_run_fail(run, term, i, FR_ERR_OVERFLOW, "%s %s %s overflows %s", left, term->node->name,
                                     right, fr_term_type(term, type)))
            return false;
        fr_vector_null(out, i);
    }
    return true;
}

/* Make args[i] a decimal that holds it exactly. */
bool fr_check_as_decimal(fr_checker *c, fr_term *term, size_t i)
{
    static const uint8_t digits[] = { 3, 5, 10, 19, 3, 5, 10, 20 };
    fr_term *arg = term->args[i];
    int precision, scale = 0;
    if (arg->type->kind == FR_DECIMAL) return true;
    if (!fr_literal_decimal(arg, &precision, &scale))
        precision = fr_kind_is_integer(arg->type->kind) ? digits[arg->type->kind - FR_I8] : 1;
    const fr_type *type = fr_type_decimal(c->call, precision, scale);
    fr_term keep = { 0 };
    if (!fr_term_yields_owned(c, &keep, type)) return false;
    return fr_literal_as(c, term, i, type);
}

bool fr_check_decimal(fr_checker *c, fr_term *term, char op)
{
    fr_digits result;
    if (!fr_check_as_decimal(c, term, 0) || !fr_check_as_decimal(c, term, 1)) return false;
    const fr_type *a = term->args[0]->type, *b = term->args[1]->type;
    if (!fr_decimal_result(op, (fr_digits){ a->precision, a->scale }, (fr_digits){ b->precision, b->scale }, &result))
        return fr_check_fail(c, term, FR_ERR_TYPE, "round one side first: round(x, 2), or cast it to fewer decimals",
                             "the result would have %d decimals, more than 38", result.scale);
    term->i = op;
    term->run = run_decimal;
    term->can_fail = true;
    return fr_term_yields_owned(c, term, fr_type_decimal(c->call, result.precision, result.scale));
}
