/* merge_sort.inc.h — a stable sort whose comparison is compiled in. Template: T what is sorted, IN_ORDER(a, b) whether the
 * one at a may stay before the one at b, FN(name) the name of this sort's function.
 *
 * Bottom-up: runs of one, two, four … are merged from one array into the other.
 */
/* `other` has as much room. → whichever of the two arrays holds the result. */
static T *FN(merge_sort)(T *items, T *other, size_t n)
{
    T *from = items, *to = other;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t low = 0; low < n; low += 2 * width) {
            const size_t middle = low + width < n ? low + width : n, high = middle + width < n ? middle + width : n;
            for (size_t i = low, j = middle, k = low; k < high; k++)
                to[k] = i < middle && (j == high || IN_ORDER(&from[i], &from[j])) ? from[i++] : from[j++];
        }
        T *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

#undef T
#undef IN_ORDER
#undef FN
