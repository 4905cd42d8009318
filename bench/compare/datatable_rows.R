# data.table's side of the comparison: Rscript datatable_rows.R groupby|join DIR ROWS THREADS [row …]
suppressMessages(library(data.table))
words <- commandArgs(TRUE)
task <- words[1]; directory <- words[2]; n <- as.numeric(words[3]); wanted <- words[-(1:4)]
setDTthreads(as.integer(words[4]))
short <- function(n) sub("e\\+0*", "e", sprintf("%.0e", n))
variant <- Sys.getenv("BENCH_VARIANT", "1e2_0_0")
path <- function(name) file.path(directory, paste0(name, ".csv"))
peak_mb <- function() {
  status <- readLines("/proc/self/status")
  as.integer(sub("[^0-9]*([0-9]+).*", "\\1", grep("^VmHWM", status, value = TRUE))) %/% 1024L
}

if (task == "groupby") {
  x <- fread(path(paste0("G1_", short(n), "_", variant)), stringsAsFactors = TRUE, showProgress = FALSE, na.strings = "")
  rows <- list(
    g1 = list(quote(x[, .(v1 = sum(v1, na.rm = TRUE)), by = id1]), "v1"),
    g2 = list(quote(x[, .(v1 = sum(v1, na.rm = TRUE)), by = .(id1, id2)]), "v1"),
    g3 = list(quote(x[, .(v1 = sum(v1, na.rm = TRUE), v3 = mean(v3, na.rm = TRUE)), by = id3]), c("v1", "v3")),
    g4 = list(quote(x[, lapply(.SD, mean, na.rm = TRUE), by = id4, .SDcols = c("v1", "v2", "v3")]), c("v1", "v2", "v3")),
    g5 = list(quote(x[, lapply(.SD, sum, na.rm = TRUE), by = id6, .SDcols = c("v1", "v2", "v3")]), c("v1", "v2", "v3")),
    g6 = list(quote(x[, .(median = median(v3, na.rm = TRUE), sd = sd(v3, na.rm = TRUE)), by = .(id4, id5)]), c("median", "sd")),
    g7 = list(quote(x[, .(range = max(v1, na.rm = TRUE) - min(v2, na.rm = TRUE)), by = id3]), "range"),
    g8 = list(quote(x[!is.na(v3)][order(-v3), .(v3 = head(v3, 2L)), by = id6]), "v3"),
    g9 = list(quote(x[, .(r2 = cor(v1, v2, use = "na.or.complete")^2), by = .(id2, id4)]), "r2"),
    g10 = list(quote(x[, .(v3 = sum(v3, na.rm = TRUE), n = .N), by = .(id1, id2, id3, id4, id5, id6)]), c("v3", "n")),
    filter = list(quote(x[v1 > 2 & id4 < 50]), c("v1", "v2", "v3")),
    sort_float = list(quote(x[order(v3)]), c("v1", "v2", "v3")),
    sort_two = list(quote(x[order(id6, -v3)]), c("v1", "v2", "v3")),
    sort_text = list(quote(x[order(id3)]), c("v1", "v2", "v3")),
    distinct = list(quote(unique(x, by = c("id2", "id4"))), character()))
} else {
  sizes <- c(x = "NA", small = short(n / 1e6), medium = short(n / 1e3), big = short(n))
  for (name in names(sizes))
    assign(name, fread(path(paste0("J1_", short(n), "_", sizes[name], "_0_0")), stringsAsFactors = TRUE, showProgress = FALSE))
  rows <- list(
    j1 = list(quote(x[small, on = "id1", nomatch = NULL]), c("v1", "v2")),
    j2 = list(quote(x[medium, on = "id2", nomatch = NULL]), c("v1", "v2")),
    j3 = list(quote(medium[x, on = "id2"]), c("v1", "v2")),
    j4 = list(quote(x[medium, on = "id5", nomatch = NULL]), c("v1", "v2")),
    j5 = list(quote(x[big, on = "id3", nomatch = NULL]), c("v1", "v2")))
}

for (name in names(rows)) if (!length(wanted) || name %in% wanted) for (run in 1:2) {
  began <- proc.time()[["elapsed"]]
  answer <- eval(rows[[name]][[1]])
  seconds <- proc.time()[["elapsed"]] - began
  check <- vapply(rows[[name]][[2]], function(column) sprintf("%.15g", sum(as.numeric(answer[[column]]), na.rm = TRUE)), "")
  cat(sprintf('{"row": "%s", "run": %d, "seconds": %.3f, "rows": %d, "columns": %d, "check": [%s], "peak_mb": %d}\n',
              name, run, seconds, nrow(answer), ncol(answer), paste(check, collapse = ", "), peak_mb()))
  rm(answer)
}
