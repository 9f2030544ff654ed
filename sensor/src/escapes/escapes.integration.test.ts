import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SENSITIVE_PATHS } from '@holdfast/model'
import { WATCH_FLAG } from '../loader/record-layout.ts'
import { eventsOf } from '../testing/events.ts'
import { whyNoKernel } from '../testing/root.ts'
import { TestCgroup } from '../testing/test-cgroup.ts'
import { Watching } from '../testing/watching.ts'
import { says, type Technique } from './technique.ts'
import { TECHNIQUES } from './techniques.ts'
import { startTries, type Tries } from './tried.ts'

const reason = whyNoKernel()

describe.skipIf(reason !== undefined)(`escapes (${reason ?? 'with kernel programs'})`, () => {
  let tries: Tries
  let watching: Watching
  beforeAll(async () => {
    tries = await startTries()
    watching = await Watching.start()
    for (const { prefix } of SENSITIVE_PATHS) await watching.command('sensitive', 'add', prefix)
  })
  afterAll(async () => {
    tries.end()
    await watching[Symbol.asyncDispose]()
  })

  /** What the server would know of the attempt; undefined where this kernel lacks what the way needs. */
  async function bodiesOf({ name, needsAllOpens }: Technique): Promise<readonly object[] | undefined> {
    await using inside = new TestCgroup()
    await using outside = new TestCgroup()
    await watching.command('watch', inside.id, WATCH_FLAG.descend | (needsAllOpens ? WATCH_FLAG.allOpens : 0))
    const output = await tries.attempt(name, inside, outside)
    await watching.command('syscalls', inside.id)
    const events = await eventsOf(watching, inside.id)
    return output.includes('unavailable') ? undefined : events.map(({ body }) => body)
  }

  test.for(TECHNIQUES.map((technique) => ({ ...technique, title: `${technique.name} is ${technique.status}` })))(
    '$title',
    async (technique, { skip }) => {
      const bodies = await bodiesOf(technique)
      if (bodies === undefined) return skip('this kernel lacks what the way needs')
      if (technique.status === 'seen') {
        const missing = technique.events.filter((wanted) => !bodies.some((body) => says(body, wanted)))
        expect(missing, JSON.stringify(bodies, undefined, 1)).toEqual([])
      } else {
        // It did run, or it would be absent for the wrong reason.
        expect(bodies.some((body) => says(body, { kind: 'process', action: 'exec', binary: /\/escapes$/ }))).toBe(true)
        expect(bodies.filter((body) => says(body, technique.never))).toEqual([])
      }
    },
  )
})
