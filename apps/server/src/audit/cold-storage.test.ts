import { Recorder } from '@holdfast/recorder'
import { groupOf, scratchFolder, steadyClock } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { ViewError } from '../views/client.ts'
import { coolLog, type ColdParts } from './cold-storage.ts'

const ALL = { before: '2100-01-01T00:00:00Z', reason: 'old' }

test('moves nothing while it cannot be told what sealed evidence rests on', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  await recorder.append([groupOf(['evidence'])])
  await expect(coolLog(partsOf(recorder, new ViewError(503, 'starting')), ALL, 'admin')).rejects.toThrow('starting')
  expect(recorder.cold.files()).toEqual([])
})

test('an incident that is no more keeps nothing from being moved', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  await recorder.append([groupOf(['evidence'])])
  const cooled = await coolLog(partsOf(recorder, new ViewError(404, 'no incident')), ALL, 'admin')
  expect(cooled).toMatchObject({ entries: 1, kept: 0 })
})

/** One case with a seal, whose incident is asked for in vain. */
function partsOf(recorder: Recorder, failure: ViewError): ColdParts {
  const sealed = { seals: [{}] }
  return {
    recorder,
    views: { exportable: () => Promise.reject(failure) },
    cases: { all: () => new Map([['inc-1', sealed]]) as unknown as ReturnType<ColdParts['cases']['all']> }, // only its seals are read
  }
}
