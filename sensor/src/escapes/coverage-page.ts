import type { Technique, Wanted } from './technique.ts'

const HEAD = `# What the kernel sensor sees of an escape

Each way was tried for real, in namespaces and cgroups that ended with it, and the events are those that the server makes of
what the kernel programs recorded. What would change the machine is built to fail, or writes back what it read. This page is
made from the table that the tests run (\`sensor/src/escapes\`): \`UPDATE_GOLDEN=1\` makes it anew.

An event is what happened, and no verdict: a build also mounts, and a debugger also attaches.
`

const SYSTEM_CALLS_NOTE = `
"Once, in the set of system calls" means: that the call was made is known, not by which process, when and with what.

A container runtime does many of these things when it starts a container or enters one. Its processes are in the watched cgroup
for a moment before they run the container's own program, and their events say so (\`isSetup\`), whatever name they go by:
what counts is that the process came from outside and has run nothing inside. runc and crun are tried, starting, entering and
removing a container. What the host does from its own cgroup, \`nsenter\` too, is not told at all.
`

/** docs/kernel-coverage.md: every technique, and what is seen of it. */
export function coveragePage(techniques: readonly Technique[]): string {
  const seen = techniques.filter((technique) => technique.status === 'seen')
  const notSeen = techniques.filter((technique) => technique.status === 'not-seen')
  return [
    HEAD,
    '## Seen\n',
    table(
      ['Way', 'What is done', 'Seen as'],
      seen.map(({ name, what, events, needsAllOpens }) => [
        name,
        what,
        [...events.map(eventText), ...(needsAllOpens ? ['only where all opens are asked for'] : [])].join('; '),
      ]),
    ),
    SYSTEM_CALLS_NOTE,
    '## Not seen\n',
    table(
      ['Way', 'What is done', 'Why not'],
      notSeen.map(({ name, what, reason }) => [name, what, reason]),
    ),
    '',
  ].join('\n')
}

function eventText({ kind, action, target, isSensitive, isForeign, fileless }: Wanted): string {
  if (kind === 'syscall-set') return 'once, in the set of system calls'
  const what = typeof target === 'string' ? ` \`${target}\`` : ''
  const marks = [
    ...(isSensitive === true ? ['sensitive'] : []),
    ...(isForeign === true ? ['of another container'] : []),
    ...(typeof fileless === 'string' ? [`fileless: ${fileless}`] : []),
  ]
  return `${kind} ${String(action)}${what}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`
}

/** Padded as the formatter pads, so that it leaves the page alone. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n')
}
