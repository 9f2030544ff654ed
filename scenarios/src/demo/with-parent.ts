/**
 * Loaded before a program of a scenario: where who started it was killed, it is asked to end as that one would have asked, which it
 * answers as it does then.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// The channel alone keeps nobody at work.
process.channel?.unref()
