/* together.h — how many items' places are known before one of them is stored, and how many rows are added in one turn.
 *
 *     to[places[digit(x)]++] = x
 *
 * Where x goes is known late, when its digit's place was loaded, and a processor may keep the loads behind such a store
 * waiting until it is. So places are looked up for eight items, then eight are stored: a row dealt by a Zen 1 to a few
 * hundred buckets within its cache costs 2.4 to 3.5 ns so, and 5.5 to 7 one by one.
 *
 *     table[at[i]] += x[i]
 *
 * Where a row is added to a record, the next may be added to the same one. A processor that was wrong about that learns
 * it of the load, by its place in the program, and may then let it wait for the newest store of the loop, whichever
 * record that went to. On a Zen 1 it stays so: 2,048 words to which rows are added in any order take 0.5 ns a row before
 * it is learnt and 3.0 from then on, and from one process to the next it is learnt at once, late or never. Of a loop
 * unrolled eight times every load is a place of its own, which learns of another store than its neighbours do, and rows
 * do not become a chain: 0.5 ns each time. So loops over records have `#pragma GCC unroll 8`.
 */
#ifndef FR_KERNEL_TOGETHER_H
#define FR_KERNEL_TOGETHER_H

enum { FR_TOGETHER = 8 };

#endif
