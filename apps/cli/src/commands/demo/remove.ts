import { counted } from '@holdfast/model'
import { setTimeout as delay } from 'node:timers/promises'
import type { Answer } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument, say } from '../../render/output.ts'
import { PROGRESS_MS } from '../../limits.ts'
import { openApi, type Api } from '../../server/api.ts'
import { awaitProjection } from '../../server/projection.ts'
import type { DemoFlags } from './command.ts'

/** What `demo --remove --json` prints. */
export type DemoRemoved = Answer<'removeDemo'>

type Demo = Answer<'getDemo'>['items'][number]

/** Says what demo data the running server has, asks on a terminal, has it removed, and says what stays. */
export async function removeDemo(context: CliContext, flags: DemoFlags, what: readonly string[]): Promise<void> {
  const others = [
    what.length > 0,
    flags.only !== undefined,
    flags.respond === true,
    flags.stay === true,
    flags.own === true,
    flags.otlp !== undefined,
  ]
  if (others.includes(true)) throw new CliError('usage', 'demo --remove removes all demo data: it takes nothing else')
  const format = formatOf(flags, 'table')
  const api = openApi(context, flags)
  if (!(await isWanted(context, flags, (await api.call('getDemo')).items)))
    throw new CliError('denied', 'nothing was removed')
  const result = await removed(context, api)
  const behind = await awaitProjection(api, context.signal, ({ entries, of }) =>
    say(context, `the views are folded anew without it: ${entries} of ${of} log entries`),
  )
  if (behind > 0)
    say(
      context,
      `the views are ${counted(behind, 'entry', 'entries')} behind the log: what was removed is gone from all that is shown`,
    )
  if (format !== 'table') return printDocument(context, format, result)
  for (const { id, agents, incidents, entries, keys, entry } of result.removed)
    context.stdout.write(
      `demo ${id}: content of ${entries} log entries of ${counted(agents, 'agent')} destroyed with ${counted(keys, 'key')}; ` +
        `${incidents === 1 ? '1 incident is' : `${incidents} incidents are`} listed no more\n` +
        `  what stays: their leaves in the log, which are digests, and the record of the removal, log entry ${entry}\n`,
    )
}

/** Whether it is to be done: a person is told what goes, and asked; a script has said so by asking for it. */
async function isWanted(context: CliContext, flags: DemoFlags, demos: readonly Demo[]): Promise<boolean> {
  if (demos.length === 0) return true // the server says that there is none
  say(context, removalText(demos))
  if (context.ask === undefined || flags.yes === true || flags.noInput) return true
  const answer = await context.ask('Remove it? It cannot be undone. [y/N] ')
  return /^\s*y(es)?\s*$/i.test(answer)
}

/** What will be gone. */
function removalText(demos: readonly Demo[]): string {
  const lines = demos.map(({ id, beganAt, stories }) => {
    const names = stories.map(({ name, incident }) =>
      incident === undefined ? inert(name) : `${inert(name)} (${inert(incident)})`,
    )
    return `  demo ${inert(id)}, begun ${inert(beganAt)}: ${names.join(', ')}`
  })
  return [
    'the content of this demo data is destroyed and nothing of it is listed any more; no other agent is touched:',
    ...lines,
  ].join('\n')
}

/** Has it removed, and says how far that is: an erasure waits for readers that still hold a key. */
async function removed(context: CliContext, api: Api): Promise<DemoRemoved> {
  const ended = new AbortController()
  say(context, 'destroying the content of demo data ...')
  const telling = tellRemoving(context, api, AbortSignal.any([ended.signal, context.signal]))
  try {
    return await api.call('removeDemo')
  } finally {
    ended.abort()
    await telling
  }
}

async function tellRemoving(context: CliContext, api: Api, signal: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await delay(PROGRESS_MS, undefined, { signal })
      const { removing } = await api.call('getDemo', { signal })
      if (removing !== undefined)
        say(context, `content of ${removing.agents} of ${counted(removing.of, 'agent')} is destroyed`)
    }
  } catch {
    // The removal is over, or has failed, which it says itself: how far it is concerns nobody any more.
  }
}
