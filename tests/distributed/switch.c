/* A network switch whose every way may be cut, lossy or slow: what the kernel's netem does, where a kernel has none.
 *
 * switch DEVICE...: makes a tap device for each end, which the caller may then move to another network namespace, and
 * says "ready". End number n has the MAC address 02:00:00:00:00:n. Each line "FROM TO LOST DELAY JITTER" on standard
 * input changes one way: LOST frames of a thousand, the others DELAY to DELAY + JITTER ms later, in order. It ends, and
 * the devices go, with standard input.
 *
 * Who has which address (ARP) is told whatever happens to the way: as beyond a router, a cut is silence. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define MOST_ENDS 32
#define MOST_WAITING 100000
#define MOST_DELAY_MS 2048
#define MOST_BYTES 2048
#define ARP 0x0806

struct way {
    int lost, delay, jitter;
    long last;
};

struct frame {
    struct frame *next;
    int to, size;
    unsigned char bytes[];
};

struct slot {
    struct frame *first, **end;
};

static int ends, taps[MOST_ENDS], waiting;
static struct way ways[MOST_ENDS][MOST_ENDS];
static struct slot slots[MOST_DELAY_MS];
static long told; /* the ms whose slot was emptied last */

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void deliver(int to, const unsigned char *bytes, int size)
{
    if (write(taps[to], bytes, size) != size) {
        /* its link is down, or its queue full: lost, as on any network */
    }
}

static void send_on(int from, int to, const unsigned char *bytes, int size)
{
    struct way *way = &ways[from][to];
    int arp = (bytes[12] << 8 | bytes[13]) == ARP;
    if (!arp && random() % 1000 < way->lost)
        return;
    long now = now_ms(), due = now + (arp ? 0 : way->delay + (way->jitter ? random() % way->jitter : 0));
    if (due < way->last)
        due = way->last;
    if (due <= told || (due == now && way->last != now)) {
        deliver(to, bytes, size);
        return;
    }
    struct frame *frame = waiting < MOST_WAITING ? malloc(sizeof *frame + size) : NULL;
    if (frame == NULL)
        return;
    frame->next = NULL, frame->to = to, frame->size = size;
    memcpy(frame->bytes, bytes, size);
    struct slot *slot = &slots[due % MOST_DELAY_MS];
    *slot->end = frame, slot->end = &frame->next;
    way->last = due, waiting++;
}

static void deliver_due(void)
{
    for (long now = now_ms(); told < now;) {
        struct slot *slot = &slots[++told % MOST_DELAY_MS];
        for (struct frame *frame = slot->first, *next; frame != NULL; frame = next, waiting--) {
            next = frame->next;
            deliver(frame->to, frame->bytes, frame->size);
            free(frame);
        }
        slot->first = NULL, slot->end = &slot->first;
    }
}

static void take(int from)
{
    unsigned char bytes[MOST_BYTES];
    for (int size; (size = read(taps[from], bytes, sizeof bytes)) >= 14;) {
        if (bytes[0] & 1) {
            for (int to = 0; to < ends; to++)
                if (to != from)
                    send_on(from, to, bytes, size);
        } else if (bytes[5] < ends) {
            send_on(from, bytes[5], bytes, size);
        }
    }
}

static void change(const char *line)
{
    int from, to;
    struct way way = {0};
    if (sscanf(line, "%d %d %d %d %d", &from, &to, &way.lost, &way.delay, &way.jitter) != 5 || from < 0 || to < 0
        || from >= ends || to >= ends || way.delay < 0 || way.jitter < 0 || way.delay + way.jitter >= MOST_DELAY_MS) {
        fprintf(stderr, "switch: not a way: %s", line);
        exit(2);
    }
    way.last = ways[from][to].last;
    ways[from][to] = way;
}

static int make_tap(const char *name)
{
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    int tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    if (tap < 0 || ioctl(tap, TUNSETIFF, &request) < 0) {
        perror(name);
        exit(1);
    }
    return tap;
}

int main(int count, char **names)
{
    struct pollfd polled[MOST_ENDS + 1] = {{.fd = STDIN_FILENO, .events = POLLIN}};
    char line[128];
    ends = count - 1;
    if (ends < 1 || ends > MOST_ENDS)
        return 2;
    for (int end = 0; end < ends; end++) {
        taps[end] = make_tap(names[end + 1]);
        polled[end + 1] = (struct pollfd){.fd = taps[end], .events = POLLIN};
    }
    for (int each = 0; each < MOST_DELAY_MS; each++)
        slots[each].end = &slots[each].first;
    told = now_ms();
    setvbuf(stdin, NULL, _IONBF, 0);
    puts("ready");
    fflush(stdout);
    for (;;) {
        poll(polled, ends + 1, waiting ? 1 : -1);
        deliver_due();
        if (polled[0].revents) {
            if (fgets(line, sizeof line, stdin) == NULL)
                return 0;
            change(line);
        }
        for (int end = 0; end < ends; end++)
            if (polled[end + 1].revents & POLLIN)
                take(end);
    }
}
