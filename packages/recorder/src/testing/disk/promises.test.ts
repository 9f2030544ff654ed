import { expect, test } from 'vitest'
import { LogReader } from '../../log-reader.ts'
import { Recorder } from '../../recorder.ts'
import { groupOf, scratchFolder, steadyClock } from '../groups.ts'
import { Promises } from './promises.ts'

const ENTRY = groupOf(['0/0 text'], { service: 'agent0', terms: ['trace:0'] })

test('finds an acknowledged batch that the log does not have', async () => {
  using folder = scratchFolder()
  const promises = new Promises()
  for (const line of ['sent 0', 'ack 0']) promises.heard(line)
  expect(await promises.broken(folder.path)).toContain('1 of 1 acknowledged entries of batch 0 are lost')
})

test('finds a checkpoint that the log does not continue, and erased content that is back', async () => {
  using folder = scratchFolder()
  using other = scratchFolder()
  const promises = new Promises()
  {
    await using recorder = await open(other.path)
    await recorder.append([ENTRY, ENTRY, groupOf(['another'])])
    promises.heard(`checkpoint ${Buffer.from((await recorder.signCheckpoint()).note).toString('base64')}`)
  }
  {
    await using recorder = await open(folder.path)
    await recorder.append([groupOf(['gone 3'], { service: 'gone' })])
    promises.heard('erased 4')
  }
  const broken = await promises.broken(folder.path)
  expect(broken).toContain('a checkpoint covers 2 entries, the log has 1')
  expect(broken).toContain('erased content of batch 3 is back')
})

test('sends again what was not answered, and finds nothing wrong with a log that has it once', async () => {
  using folder = scratchFolder()
  {
    await using recorder = await open(folder.path)
    await recorder.append([ENTRY])
  }
  const promises = new Promises()
  for (const line of ['sent 0', 'ack 0', 'sent 12']) promises.heard(line)
  expect(await promises.broken(folder.path)).toEqual([])
  using reader = LogReader.open({ folder: folder.path })
  expect(reader.size()).toBe(2)
})

function open(folder: string): Promise<Recorder> {
  return Recorder.open({ folder, clock: steadyClock(), origin: 'log.example/disk' })
}
