/*
 * session_peaks CLIENT: looks, about each millisecond, at all processes of the sessions that children of CLIENT have
 * begun (setsid(2)), until its standard input ends; then prints for each session its id, the highest sum of resident
 * sets, the sum of proportional sets when that was highest (KiB), and how many processes there were at most.
 */
#include <ctype.h>
#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIDS = 1 << 22, SESSIONS = 4096, MEMBERS = 8192 };

struct session { int leader, count, most; long rss, highest, pss, pss_at; };

static char passed[PIDS]; /* 1: of no session that is looked at */
static struct session sessions[SESSIONS];
static int known;
static struct { int pid; struct session *of; } members[MEMBERS];

static struct session *session_of(int leader, int begins) {
  for (int i = 0; i < known; i++) if (sessions[i].leader == leader) return &sessions[i];
  if (!begins || known == SESSIONS) return NULL;
  sessions[known].leader = leader;
  return &sessions[known++];
}

/* Whether a child of the client still is what the client is, about to run its own program: it has all its memory. */
static int is_fork_of(int client, int pid) {
  char path[64], own[4096], other[4096];
  snprintf(path, sizeof path, "/proc/%d/exe", pid);
  ssize_t size = readlink(path, own, sizeof own);
  snprintf(path, sizeof path, "/proc/%d/exe", client);
  return size == readlink(path, other, sizeof other) && size > 0 && memcmp(own, other, size) == 0;
}

/* Parent, session, state and resident pages, behind the name, which may hold anything. */
static int read_stat(int pid, int *parent, int *session, char *state, long *pages) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  size_t size = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[size] = 0;
  char *behind = strrchr(text, ')');
  return behind && sscanf(behind + 2,
    "%c %d %*d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %*u %*u %ld",
    state, parent, session, pages) == 4;
}

static long read_pss(int pid) {
  char path[64], line[256];
  long pss = -1;
  snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
  FILE *file = fopen(path, "r");
  while (file && pss < 0 && fgets(line, sizeof line, file)) sscanf(line, "Pss: %ld", &pss);
  if (file) fclose(file);
  return pss;
}

static void look(int client, long page) {
  int count = 0;
  for (int i = 0; i < known; i++) sessions[i].rss = sessions[i].count = 0;
  DIR *proc = opendir("/proc");
  for (struct dirent *each; (each = readdir(proc));) {
    int pid = isdigit(each->d_name[0]) ? atoi(each->d_name) : 0, parent, session;
    char state;
    long pages;
    if (pid == 0 || passed[pid] || !read_stat(pid, &parent, &session, &state, &pages)) continue;
    struct session *of = session_of(session, 0);
    if (!of && parent == client && session == pid && !is_fork_of(client, pid)) of = session_of(session, 1);
    /* A child of the client may be about to begin its session, a process of one can't leave it for another's. */
    if (!of) { if (parent != client) passed[pid] = 1; continue; }
    if (state == 'Z' || count == MEMBERS) continue;
    members[count].pid = pid;
    members[count++].of = of;
    of->rss += pages * page;
    of->count++;
  }
  closedir(proc);
  for (int i = 0; i < known; i++) {
    struct session *each = &sessions[i];
    if (each->count > each->most) each->most = each->count;
    if (each->rss <= each->highest) continue;
    each->highest = each->rss;
    if (each->rss < 1.01 * each->pss_at) continue;
    long sum = 0;
    for (int m = 0; m < count && sum >= 0; m++) {
      long pss = members[m].of == each ? read_pss(members[m].pid) : 0;
      sum = pss < 0 ? -1 : sum + pss;
    }
    if (sum >= 0) { each->pss = sum; each->pss_at = each->rss; }
  }
}

int main(int argc, char **argv) {
  int client = argc > 1 ? atoi(argv[1]) : 0;
  long page = sysconf(_SC_PAGESIZE) / 1024;
  struct pollfd input = { .fd = 0, .events = POLLIN };
  while (poll(&input, 1, 1) == 0) look(client, page);
  for (int i = 0; i < known; i++) {
    printf("%d %ld %ld %d\n", sessions[i].leader, sessions[i].highest, sessions[i].pss, sessions[i].most);
  }
}
