#include "sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char hint[] = "(--no-sandbox does without)";

/* The capabilities that the needs say, as bits, of those that there are. */
static uint64_t kept(unsigned needs)
{
    uint64_t bits = 0;

    if (needs & SANDBOX_FILES)
        bits |= UINT64_C(1) << CAP_DAC_READ_SEARCH;
    if (needs & SANDBOX_NAMES)
        bits |= UINT64_C(1) << CAP_DAC_OVERRIDE;
    if (needs & SANDBOX_PRIORITY)
        bits |= UINT64_C(1) << CAP_SYS_NICE | UINT64_C(1) << CAP_IPC_LOCK;
    return needs & SANDBOX_BPF ? UINT64_MAX : bits;
}

static bool drop_capabilities(unsigned needs, struct err *e)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    const uint64_t keep = kept(needs);

    if (syscall(SYS_capget, &head, data) != 0)
        return err_sys(e, "sandbox: capget %s", hint);
    for (int i = 0; i < 2; i++) {
        data[i].permitted &= (uint32_t)(keep >> 32 * i);
        data[i].effective = data[i].permitted;
        data[i].inheritable = 0;
    }
    return syscall(SYS_capset, &head, data) == 0 || err_sys(e, "sandbox: capset %s", hint);
}

#if defined __SANITIZE_ADDRESS__
#define SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined HAVE_SECCOMP && !defined SANITIZED
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define CALL(name) SCMP_SYS(name)

/* Whatever the needs are. */
static const int always[] = {
    CALL(read),
    CALL(readv),
    CALL(pread64),
    CALL(write),
    CALL(writev),
    CALL(close),
    CALL(lseek),
    CALL(fstat),
    CALL(newfstatat),
    CALL(munmap),
    CALL(mremap),
    CALL(madvise),
    CALL(brk),
    CALL(poll),
    CALL(ppoll),
    CALL(select),
    CALL(pselect6),
    CALL(epoll_wait),
    CALL(epoll_pwait),
    CALL(futex),
    CALL(rseq),
    CALL(exit),
    CALL(exit_group),
    CALL(set_robust_list),
    CALL(sched_yield),
    CALL(rt_sigaction),
    CALL(rt_sigprocmask),
    CALL(rt_sigreturn),
    CALL(sigaltstack),
    CALL(getpid),
    CALL(restart_syscall),
    CALL(gettid),
    CALL(tgkill),
    CALL(setitimer),
    CALL(clock_gettime),
    CALL(clock_nanosleep),
    CALL(nanosleep),
    CALL(gettimeofday),
    CALL(time),
    CALL(readlink),
    CALL(getcwd),
    CALL(access),
    CALL(faccessat),
    CALL(faccessat2),
    CALL(getrandom),
    CALL(getrusage),
    CALL(getcpu),
    CALL(getsockname),
    CALL(getsockopt),
    CALL(sched_getaffinity),
    CALL(timerfd_settime),
    CALL(recvfrom),
};
static const int files[] = {CALL(seccomp), CALL(capget), CALL(capset)};
static const int names[] = {CALL(rename), CALL(linkat), CALL(unlink)};
static const int sockets[] = {CALL(sendto), CALL(sendmsg), CALL(sendmmsg), CALL(recvmsg),
                              CALL(shutdown)};
static const int priority[] = {CALL(sched_setscheduler), CALL(sched_getscheduler),
                               CALL(sched_getparam), CALL(mlockall)};
static const int bpf[] = {CALL(bpf)};
static const int connecting[] = {CALL(connect), CALL(fcntl), CALL(sendto)};

static int allow(scmp_filter_ctx c, const int *calls, size_t n)
{
    int status = 0;

    for (size_t i = 0; i < n && status == 0; i++)
        status = seccomp_rule_add(c, SCMP_ACT_ALLOW, calls[i], 0);
    return status;
}
#define ALLOW(c, list) allow(c, list, sizeof(list) / sizeof *(list))

/* Calls that are allowed where the mask leaves this value of an argument. Memory is never made to
 * be run; threads are made, processes are not. Of ioctl(), what asks whether an output is a
 * terminal and whether an interface is there; of setsockopt(), what takes a ring away. */
static const struct partial {
    int call;
    unsigned argument;
    uint64_t mask, value;
} partials[] = {
    {CALL(mmap), 2, PROT_EXEC, 0},
    {CALL(mprotect), 2, PROT_EXEC, 0},
    {CALL(clone), 0, CLONE_THREAD, CLONE_THREAD},
    {CALL(ioctl), 1, UINT32_MAX, TCGETS},
    {CALL(ioctl), 1, UINT32_MAX, TIOCGWINSZ},
    {CALL(ioctl), 1, UINT32_MAX, SIOCGIFFLAGS},
    {CALL(ioctl), 1, UINT32_MAX, SIOCGIFINDEX},
    {CALL(ioctl), 1, UINT32_MAX, SIOCGIFNAME},
    {CALL(setsockopt), 1, UINT32_MAX, SOL_PACKET},
};

/* The same for SANDBOX_CONNECT. */
static const struct partial connections[] = {
    {CALL(socket), 0, UINT32_MAX, AF_UNIX},         {CALL(socket), 0, UINT32_MAX, AF_INET},
    {CALL(socket), 0, UINT32_MAX, AF_INET6},        {CALL(setsockopt), 1, UINT32_MAX, SOL_SOCKET},
    {CALL(setsockopt), 1, UINT32_MAX, IPPROTO_TCP},
};

static int add_if(scmp_filter_ctx c, uint32_t action, const struct partial *p)
{
    return seccomp_rule_add(c, action, p->call, 1,
                            SCMP_CMP(p->argument, SCMP_CMP_MASKED_EQ, p->mask, p->value));
}

/* Where clone3() is not there, the C library takes clone(), whose flags can be looked at. */
static int add_partials(scmp_filter_ctx c, unsigned needs)
{
    static const struct partial reading = {CALL(openat), 2, O_ACCMODE | O_CREAT | O_TRUNC, 0},
                                tighten = {CALL(prctl), 0, UINT32_MAX, PR_SET_NO_NEW_PRIVS};
    int status = seccomp_rule_add(c, SCMP_ACT_ERRNO(ENOSYS), CALL(clone3), 0);

    for (size_t i = 0; i < sizeof partials / sizeof *partials && !status; i++)
        status = add_if(c, SCMP_ACT_ALLOW, &partials[i]);
    for (size_t i = 0; i < sizeof connections / sizeof *connections && !status; i++)
        if (needs & SANDBOX_CONNECT)
            status = add_if(c, SCMP_ACT_ALLOW, &connections[i]);
    if (!status && (needs & SANDBOX_FILES))
        status = add_if(c, SCMP_ACT_ALLOW, &tighten);
    if (status)
        return status;
    return add_if(c, needs & SANDBOX_FILES ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EACCES), &reading);
}

static int add_rules(scmp_filter_ctx c, unsigned needs)
{
    int status = ALLOW(c, always);

    if (!status)
        status = add_partials(c, needs);
    if (!status && (needs & SANDBOX_FILES))
        status = ALLOW(c, files);
    if (!status && (needs & SANDBOX_NAMES))
        status = ALLOW(c, names);
    if (!status && (needs & SANDBOX_SOCKETS))
        status = ALLOW(c, sockets);
    if (!status && (needs & SANDBOX_PRIORITY))
        status = ALLOW(c, priority);
    if (!status && (needs & SANDBOX_BPF))
        status = ALLOW(c, bpf);
    if (!status && (needs & SANDBOX_CONNECT))
        status = ALLOW(c, connecting);
    return status;
}

static bool load_filter(unsigned needs, struct err *e)
{
    const scmp_filter_ctx c = seccomp_init(SCMP_ACT_KILL_PROCESS);
    int status = c ? seccomp_attr_set(c, SCMP_FLTATR_CTL_TSYNC, 1) : -ENOMEM;

    if (!status)
        status = seccomp_attr_set(c, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    if (!status)
        status = add_rules(c, needs);
    if (!status)
        status = seccomp_load(c);
    if (c)
        seccomp_release(c);
    errno = -status;
    return status == 0 || err_sys(e, "sandbox: no filter of system calls %s", hint);
}
#else
static bool load_filter(unsigned needs, struct err *e)
{
    (void)needs;
    (void)e;
    return true;
}
#endif

bool sandbox_enter(const struct cli_shared_values *v, unsigned needs, struct err *e)
{
    if (v->no_sandbox)
        return true;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return err_sys(e, "sandbox: no_new_privs %s", hint);
    return drop_capabilities(needs, e) && load_filter(needs, e);
}

bool sandbox_close_files(const struct cli_shared_values *v, unsigned needs, struct err *e)
{
    const unsigned left = needs & ~(unsigned)SANDBOX_FILES;

    return v->no_sandbox || (drop_capabilities(left, e) && load_filter(left, e));
}

unsigned sandbox_for_output(const char *path)
{
    return path && strcmp(path, "-") != 0 ? SANDBOX_NAMES : 0;
}
