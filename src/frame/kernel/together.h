/* together.h — how many items' places are known before one of them is stored.
 *
 *     to[places[digit(x)]++] = x
 *
 * Where x goes is known late, when its digit's place was loaded, and a processor may keep the loads behind such a store
 * waiting until it is. So places are looked up for eight items, then eight are stored: a row dealt by a Zen 1 to a few
 * hundred buckets within its cache costs 2.4 to 3.5 ns so, and 5.5 to 7 one by one.
 */
#ifndef FR_KERNEL_TOGETHER_H
#define FR_KERNEL_TOGETHER_H

enum { FR_TOGETHER = 8 };

#endif
