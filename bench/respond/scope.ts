import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { UnixNano } from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'
import { officeGroups } from '../../apps/server/src/scoping/testing/office.ts'
import { FoldTurns } from '../../apps/server/src/views/fold-turn.ts'
import { openViews } from '../../apps/server/src/views/open-views.ts'
import { quietConversation, SPANS_A_CONVERSATION } from '../quiet-desks.ts'

/**
 * Scope and audits of one incident over four agents, on a store of a million events of other conversations of other agents. Asked as
 * the server asks them, each time anew. Each line of output is one JSON document.
 */
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '9' },
    dir: { type: 'string', default: tmpdir() },
  },
})
const wanted = Number(values.events)
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

/** A call, its answer and the identity that it was made as. */
const EVENTS_A_SPAN = 3
const QUESTIONS = ['getIncidentScope', 'getResponseScope', 'getIncidentAudit'] as const

const folder = mkdtempSync(join(values.dir, 'holdfast-bench-scope-'))
try {
  const clock = (): UnixNano => (BigInt(Date.now()) * 1_000_000n) as UnixNano // the present is in range
  await using recorder = await Recorder.open({ folder, clock })
  const conversations = Math.ceil(wanted / (SPANS_A_CONVERSATION * EVENTS_A_SPAN))
  for (let at = 0; at < conversations; at++) await recorder.append(quietConversation(at, { hasIdentity: true }))
  for (const group of officeGroups()) await recorder.append([group])
  say({ bench: 'scope', node: process.version, entries: recorder.size, events: wanted })
  using open = openViews(folder)
  const turns = new FoldTurns(open.reader, open.projections)
  const began = performance.now()
  while (turns.turn().inputs.length > 0);
  while (open.judge.waiting() > 0) open.judge.turn(1_000)
  say({ folded: recorder.size, seconds: Math.round((performance.now() - began) / 1_000) })
  const list = JSON.parse(open.answerJson('listIncidents', { query: {} }) ?? '{}') as {
    readonly items: readonly { readonly id: string }[]
  } // the route's own answer
  const [incident] = list.items
  if (incident === undefined || list.items.length > 1) throw new Error(`${list.items.length} incidents came, not one`)
  for (const question of QUESTIONS) {
    const took = Array.from({ length: Number(values.rounds) }, () => {
      const cpu = process.cpuUsage()
      const from = performance.now()
      open.answerJson(question, { incident: incident.id, query: {} })
      const { user, system } = process.cpuUsage(cpu)
      return { wallMs: Math.round(performance.now() - from), cpuMs: Math.round((user + system) / 1_000) }
    })
    say({
      question,
      first: took[0],
      wallMs: ordered(took.map(({ wallMs }) => wallMs)),
      cpuMs: ordered(took.map(({ cpuMs }) => cpuMs)),
    })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function ordered(numbers: readonly number[]): object {
  const sorted = numbers.toSorted((a, b) => a - b)
  return { median: sorted[Math.floor(sorted.length / 2)], most: sorted.at(-1) }
}
