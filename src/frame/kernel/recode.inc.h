/* recode.inc.h — codes looked up in a table of codes. Template: T the code, TO what it becomes, FN(name). */

static void FN(RECODE)(void *out_, const void *codes_, const void *map_, int64_t n)
{
    TO *restrict out = out_;
    const T *restrict codes = codes_;
    const TO *map = map_;
    for (int64_t i = 0; i < n; i++) out[i] = map[codes[i]];
}

#undef TO
#undef RECODE
