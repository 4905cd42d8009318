# data.table's side of the comparison: Rscript datatable_rows.R groupby|join|clean DIR ROWS THREADS [row …]
suppressMessages(library(data.table))
words <- commandArgs(TRUE)
task <- words[1]; directory <- words[2]; n <- as.numeric(words[3]); wanted <- words[-(1:4)]
invisible(Sys.setlocale("LC_COLLATE", "C"))
setDTthreads(as.integer(words[4]))
short <- function(n) sub("e\\+0*([0-9])", "e\\1", sprintf("%.0e", n))
variant <- Sys.getenv("BENCH_VARIANT", "1e2_0_0")
path <- function(name) file.path(directory, paste0(name, ".csv"))
memory_mb <- function(which) {
  status <- readLines("/proc/self/status")
  as.integer(sub("[^0-9]*([0-9]+).*", "\\1", grep(paste0("^", which), status, value = TRUE))) %/% 1024L
}
forget_peak <- function() try(cat("5", file = "/proc/self/clear_refs"), silent = TRUE)
slow <- as.numeric(Sys.getenv("BENCH_SLOW", "30"))
began <- proc.time()[["elapsed"]]

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
    sort_float = list(quote(x[order(v3)]), c("v1", "v2", "v3", "@v3")),
    sort_two = list(quote(x[order(id6, -v3)]), c("v1", "v2", "v3", "@id6", "@v3")),
    sort_text = list(quote(x[order(id3)]), c("v1", "v2", "v3", "@id3")),
    distinct = list(quote(unique(x, by = c("id2", "id4"))), character()))
} else if (task == "clean") {
  x <- fread(path(paste0("T1_", short(n))), colClasses = list(character = c("stamp", "code")), showProgress = FALSE, na.strings = "")
  rows <- list(
    extract = list(quote(x[, .(u = sub("^[^-]*-([0-9]+).*$", "\\1", code, perl = TRUE))]), "u"),
    substring = list(quote(x[, .(u = substr(code, 2L, 4L))]), "u"),
    lower = list(quote(x[, .(u = tolower(code))]), "u"),
    fill_null = list(quote(x[, .(v = nafill(v, fill = 0))]), "v"),
    concat = list(quote(rbind(x, x)), c("seq", "v")),
    concat_sum = list(quote(rbind(x, x)[, .(s = sum(v, na.rm = TRUE))]), "s"),
    sort_nearly = list(quote(x[order(seq)]), c("seq", "v", "@seq")))
} else {
  sizes <- c(x = "NA", small = short(n / 1e6), medium = short(n / 1e3), big = short(n))
  for (name in names(sizes))
    assign(name, fread(path(paste0("J1_", short(n), "_", sizes[name], sub("^[^_]*", "", variant))), stringsAsFactors = TRUE,
                       showProgress = FALSE, na.strings = ""))
  rows <- list(
    j1 = list(quote(x[small, on = "id1", nomatch = NULL]), c("v1", "v2")),
    j2 = list(quote(x[medium, on = "id2", nomatch = NULL]), c("v1", "v2")),
    j3 = list(quote(medium[x, on = "id2"]), c("v1", "v2")),
    j4 = list(quote(x[medium, on = "id5", nomatch = NULL]), c("v1", "v2")),
    j5 = list(quote(x[big, on = "id3", nomatch = NULL]), c("v1", "v2")))
}

cat(sprintf('{"loaded": %.3f, "mb": %d}\n', proc.time()[["elapsed"]] - began, memory_mb("VmRSS")))

quoted <- function(text) paste0('"', text, '"')
number <- function(x) sprintf("%.15g", x)
check_of <- function(answer, column) {
  if (startsWith(column, "@")) {
    value <- answer[[substring(column, 2)]][nrow(answer) %/% 3 + 1]
    return(if (is.numeric(value)) number(value) else quoted(as.character(value)))
  }
  values <- answer[[column]]
  if (is.character(values)) return(c(number(sum(nchar(values))), quoted(max(values))))
  number(sum(as.numeric(values), na.rm = TRUE))
}

for (name in names(rows)) if (!length(wanted) || name %in% wanted) {
  cat(sprintf('{"begins": "%s"}\n', name))
  for (run in 1:2) {
    forget_peak()
    before <- memory_mb("VmRSS")
    began <- proc.time()
    answer <- eval(rows[[name]][[1]])
    took <- proc.time() - began
    peak <- memory_mb("VmHWM")
    check <- unlist(lapply(rows[[name]][[2]], function(column) check_of(answer, column)))
    cat(sprintf('{"row": "%s", "run": %d, "seconds": %.3f, "cpu": %.3f, "rows": %d, "columns": %d, "check": [%s], ',
                name, run, took[["elapsed"]], sum(took[c("user.self", "sys.self")]), nrow(answer), ncol(answer),
                paste(check, collapse = ", ")))
    cat(sprintf('"before_mb": %d, "peak_mb": %d}\n', before, peak))
    rm(answer)
    if (took[["elapsed"]] > slow) break
  }
}
