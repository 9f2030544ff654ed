import { type DataCard, SHIPPED } from '@holdfast/detect'
import { expect, test } from 'vitest'
import { RecordedControls } from '../testing/recorded-controls.ts'
import { detectorIn, recordOf } from './document.ts'
import { detectorWire, versionsIn } from './versions.ts'

const CARD = {} as DataCard // nothing of it is read here
const about = { card: CARD, reason: 'r', by: 'eve' }
const understood = recordOf(SHIPPED, { version: 1, ...about })
const foreign = recordOf({ ...SHIPPED, version: SHIPPED.version + 1 }, { version: 2, ...about })

const log = (...records: readonly (typeof understood)[]) => new RecordedControls(records)

const shown = (versions: ReturnType<typeof versionsIn>) =>
  versions.map(({ row: { version, inForce, outdated } }) => ({ version, inForce, outdated: outdated === true }))

test('weights of another form are not judged with, and what ships is in force instead', () => {
  expect(detectorIn(understood)).toEqual(JSON.parse(JSON.stringify(SHIPPED)))
  expect(detectorIn(foreign)).toBeUndefined()
  const versions = versionsIn(log(understood, foreign))
  expect(shown(versions)).toEqual([
    { version: 2, inForce: false, outdated: true },
    { version: 1, inForce: false, outdated: false },
    { version: 0, inForce: true, outdated: false },
  ])
  expect(detectorWire(versions, 'current')?.version).toBe(0)
  expect(detectorWire(versions, '2')).toBeUndefined()
})

test('the newest is in force where it is understood', () => {
  expect(shown(versionsIn(log(foreign, understood)))[0]).toMatchObject({ version: 1, inForce: true })
})
