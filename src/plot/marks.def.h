/* marks.def.h — every mark. X(name) names fr_mark_class_<name> in marks/mark_<name>.c. */
X(line)
X(bar)
