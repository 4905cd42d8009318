#!/bin/sh
# demo.sh — libframe on 50,000 generated sales: what `make demo` shows. Writes its results into a folder of its own.
set -eu
cd "$(dirname "$0")/.."
PATH=$PWD/build/bin:$PATH
out=build/demo
mkdir -p "$out"

say() { printf '\n# %s\n' "$1"; }
show() {
    printf '$ %s\n' "$1"
    eval "$1"
}

say 'Look at a file.'
show 'frame datasets/sales_data.csv --rows 6'
say 'How was it read, and why?'
show 'frame sniff datasets/sales_data.csv'
say 'Clean it: every row is accounted for.'
show "frame datasets/sales_data.csv 'distinct
    | parse_dates order_date mixed errors reject
    | cast quantity: i64 errors reject
    | fill_null region with Unknown
    | fill_null unit_price median by product' -o $out/clean.csv --rejects $out/rejects.csv"
show "frame $out/rejects.csv --rows 4"
say 'Group and sort it.'
show "frame $out/clean.csv 'group region: revenue = sum(quantity * unit_price), orders = size() | sort -revenue'"
show "frame $out/clean.csv 'with month = order_date.dt.month
    | group month: orders = size(), median = median(quantity) | sort month | head 3'"
say 'Combine it with another table.'
show "frame join $out/clean.csv datasets/products.csv product --how left --validate many_to_one -o $out/joined.csv"
show "frame $out/joined.csv 'group supplier: revenue = sum(quantity * unit_price) | sort -revenue | head 3'"
say 'A chain is a plan; a plan is a job file.'
show "frame explain $out/clean.csv 'where quantity > 10 | group region: n = size()' -o $out/job.toml && cat $out/job.toml"
show "frame run $out/job.toml $out/clean.csv"
say 'The main job: from the messy file to figures, charts, a page and cleaned rows.'
show "frame analyze datasets/sales_data.csv --output $out/report"
say 'Exactly the same again, from what it decided.'
show "frame run $out/report/analysis.toml --quiet | head -n 3"
printf '\nThe report is %s. Next: frame --help, README.md, examples/.\n' "$PWD/$out/report/summary.html"
