import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Owners } from './owners.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-owners-'))
let recorder: Recorder
let reader: LogReader

beforeAll(async () => {
  let now = 1_790_000_000_000_000_000n
  recorder = await Recorder.open({ folder, clock: () => now++ as UnixNano }) // in range
  reader = LogReader.open({ folder })
})
afterAll(async () => {
  reader[Symbol.dispose]()
  await recorder[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const incident = (id: string, ...alsoKnownAs: string[]) => ({ id, alsoKnownAs })

test('who took it last has it, whatever name it goes by now, and a start reads that from the log', async () => {
  const owners = new Owners({ recorder, reader })
  expect(owners.of(incident('inc-1'))).toBeUndefined()
  await owners.decide(incident('inc-1'), { do: 'take' }, 'ann')
  await owners.decide(incident('inc-0', 'inc-1'), { do: 'take', reason: 'shift change' }, 'ben')
  const again = new Owners({ recorder, reader })
  expect(again.of(incident('inc-0', 'inc-1'))).toMatchObject({ by: 'ben', reason: 'shift change' })
})

test('only who has it gives it back, and then nobody has it', async () => {
  const owners = new Owners({ recorder, reader })
  await owners.decide(incident('inc-2'), { do: 'take' }, 'ann')
  await expect(owners.decide(incident('inc-2'), { do: 'take' }, 'ann')).rejects.toMatchObject({ status: 409 })
  await expect(owners.decide(incident('inc-2'), { do: 'give-back' }, 'ben')).rejects.toMatchObject({ status: 409 })
  await owners.decide(incident('inc-9', 'inc-2'), { do: 'give-back' }, 'ann')
  expect(owners.of(incident('inc-9', 'inc-2'))).toBeUndefined()
})
