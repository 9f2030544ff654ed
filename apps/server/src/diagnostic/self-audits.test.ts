import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { expect, test } from 'vitest'
import { ViewError } from '../views/client.ts'
import { Diagnostics } from './diagnostics.ts'
import { GapLedger } from './gap-ledger.ts'
import { AUDITS_A_LOOK } from './limits.ts'
import { SelfAudits } from './self-audits.ts'

const DAY_NS = 86_400_000_000_000n
const KNOWN: readonly unknown[] = ['k8s:-/shop/desk', 'k8s:-/shop/till']

test('audits are held when they are due, those that cannot be held keep no other from it, and a restart knows them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-self-audits-'))
  let now = 1_790_000_000_000_000_000n as UnixNano // in range
  const clock = (): UnixNano => now
  const recorder = await Recorder.open({ folder, clock })
  const reader = LogReader.open({ folder })
  const nothing = async () => undefined
  // A log of which two agents are known, by name alone.
  const views = {
    ask: async (question: string, args: unknown) => {
      const { agent } = args as { readonly agent?: string } // what these questions are asked with
      if (question === 'getAgent' && KNOWN.includes(agent))
        return JSON.stringify({ id: agent, name: 'known', channels: ['otlp'] })
      throw new ViewError(404, 'not found')
    },
  }
  const questions = {
    inventory: nothing,
    convergence: nothing,
    scope: nothing,
    envelopes: nothing,
    drift: nothing,
    audit: nothing,
  }
  const gaps = new GapLedger(reader)
  const diagnostics = new Diagnostics({ views, recorder, gaps, questions, clock, nowMs: () => 0 })
  const open = () => new SelfAudits({ recorder, reader, views, diagnostics, clock })
  try {
    const audits = open()
    expect(await audits.look()).toBe(0)
    const agents = ['k8s:-/shop/gone', 'k8s:-/shop/desk']
    await audits.decide({ everyDays: 91, agents }, 'quarterly', 'ada')
    await expect(audits.look()).rejects.toThrow('1 of 2 audits could not be held')
    expect(audits.list(undefined).map(({ audit }) => [audit.agent, audit.verdicts.questions.Q1])).toEqual([
      ['k8s:-/shop/desk', 'no'],
    ])
    now = (now + 90n * DAY_NS) as UnixNano // in range
    const again = open()
    expect(again.list('k8s:-/shop/desk')).toHaveLength(1)
    await expect(again.look()).rejects.toThrow('1 of 1 audits')
    now = (now + 2n * DAY_NS) as UnixNano // in range
    await expect(again.look()).rejects.toThrow('1 of 2 audits')
    expect(again.list('k8s:-/shop/desk')).toHaveLength(2)
    expect(again.list('k8s:-/shop/desk')[0]?.changes).toEqual([])
    const [desk, till] = await Promise.all([
      again.hold({ agent: 'k8s:-/shop/desk' }, 'by hand'),
      again.hold({ agent: 'k8s:-/shop/till' }, 'by hand'),
    ])
    expect([desk.agent, till.agent]).toEqual(['k8s:-/shop/desk', 'k8s:-/shop/till'])
    now = (now + 92n * DAY_NS) as UnixNano // in range
    // As many as a look takes cannot be held: the one behind them has its turn at the next.
    const gone = Array.from({ length: AUDITS_A_LOOK }, (_, n) => `k8s:-/shop/gone-${n}`)
    await again.decide({ everyDays: 1, agents: [...gone, 'k8s:-/shop/till'] }, 'daily', 'ada')
    now = (now + 2n * DAY_NS) as UnixNano // in range
    await expect(again.look()).rejects.toThrow(`${AUDITS_A_LOOK} of ${AUDITS_A_LOOK}`)
    await expect(again.look()).rejects.toThrow(`${AUDITS_A_LOOK - 1} of ${AUDITS_A_LOOK}`)
    expect(again.list('k8s:-/shop/till')).toHaveLength(2)
    await again.decide({ everyDays: 0, agents: [] }, 'held elsewhere', 'ada')
    expect(await again.look()).toBe(0)
    expect(again.dueOf('k8s:-/shop/desk')).toBeUndefined()
  } finally {
    reader[Symbol.dispose]()
    await recorder[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }
})
