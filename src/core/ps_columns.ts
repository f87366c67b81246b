/** Columns that the ps of Linux (procps), macOS and the BSDs have in common (POSIX ps, plus rss and lstart). */
export const PS_COLUMNS = "pid=,ppid=,rss=,pcpu=,time=,lstart=,comm=";
