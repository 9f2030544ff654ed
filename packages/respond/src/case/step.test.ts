import type { UnixNano } from '@holdfast/model'
import { INCIDENT_TYPES } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { ANNA, CaseDriver, PROGRAM, shippedMatrix } from '../testing/case-driver.ts'
import { PHASES } from '../runbook/runbook.ts'
import type { Baseline, CaseDeed } from './events.ts'
import { restoreObstacle } from './restore.ts'
import { caseOf } from './step.ts'
import { cellOf } from './state.ts'

const MATRIX = shippedMatrix()
const TYPE_2 = 'privilege-boundary-escape'
const TYPE_3 = 'reasoning-compromise'

function reasonOf(driver: CaseDriver, deed: CaseDeed, by = ANNA): string {
  const result = driver.try(deed, by)
  return result.status === 'refused' ? result.reason : 'accepted'
}

function classifiedAs(type: (typeof INCIDENT_TYPES)[number]): CaseDriver {
  const driver = new CaseDriver(MATRIX)
  driver.classify(type)
  driver.seal()
  return driver
}

test('C1 no cell opens before a type is named', () => {
  const driver = new CaseDriver(MATRIX)
  for (const type of INCIDENT_TYPES) {
    for (const phase of PHASES) {
      expect(reasonOf(driver, { kind: 'phase-opened', type, phase })).toBe(
        'no type is named: classify the incident first',
      )
    }
  }
})

test('C1 no cell of another type opens', () => {
  const driver = classifiedAs(TYPE_2)
  for (const phase of PHASES) {
    expect(reasonOf(driver, { kind: 'phase-opened', type: TYPE_3, phase })).toBe(
      'the incident is a privilege-boundary-escape: the cells of reasoning-compromise are closed to it',
    )
  }
})

test('containment waits for the seal and says so', () => {
  const driver = new CaseDriver(MATRIX)
  driver.classify(TYPE_2)
  expect(reasonOf(driver, { kind: 'phase-opened', type: TYPE_2, phase: 'contain' })).toContain(
    'the artifacts are sealed (artifacts-sealed is false)',
  )
})

test('containment may begin while analysis still runs', () => {
  const driver = classifiedAs(TYPE_2)
  expect(reasonOf(driver, { kind: 'phase-opened', type: TYPE_2, phase: 'contain' })).toBe('accepted')
})

test('C3 a person cannot state what the program checks, nor the program what a person judges, nor anybody what follows', () => {
  const driver = classifiedAs(TYPE_3)
  const proof = { entries: [1] }
  expect(reasonOf(driver, { kind: 'fact', fact: 'paths-open', value: 0, proof })).toBe(
    'paths-open is checked by the program',
  )
  expect(reasonOf(driver, { kind: 'fact', fact: 'type-confirmed', value: true, proof }, PROGRAM)).toBe(
    'type-confirmed is for a person to say',
  )
  expect(reasonOf(driver, { kind: 'fact', fact: 'rung-confirmed', value: true, proof }, PROGRAM)).toBe(
    'rung-confirmed follows from the case and is not stated',
  )
  expect(reasonOf(driver, { kind: 'fact', fact: 'paths-open', value: -1, proof }, PROGRAM)).toBe(
    'paths-open is a whole number from 0',
  )
})

test('a task is for its team and comes with evidence', () => {
  const driver = classifiedAs(TYPE_2)
  driver.must({ kind: 'phase-opened', type: TYPE_2, phase: 'contain' })
  const task = { kind: 'task-done', type: TYPE_2, phase: 'contain', task: 'freeze-credential' } as const
  expect(reasonOf(driver, { ...task, team: 'platform', proof: { entries: [1] } })).toBe(
    'task freeze-credential is for iam, not for platform',
  )
  expect(reasonOf(driver, { ...task, team: 'iam', proof: { entries: [] } })).toContain('is done with its evidence')
  expect(reasonOf(driver, { ...task, task: 'nap', team: 'iam', proof: { entries: [1] } })).toBe(
    'phase contain has no task nap',
  )
})

for (const team of ['security', 'platform', 'ai-engineering'] as const) {
  test(`a reasoning compromise is not eradicated while the list of ${team} is open`, () => {
    const driver = classifiedAs(TYPE_3)
    driver.workUntil(TYPE_3, 'eradicate')
    driver.must({ kind: 'phase-opened', type: TYPE_3, phase: 'eradicate' })
    const cell = MATRIX[TYPE_3].cells[3]!
    for (const task of cell.tasks.filter((each) => each.team !== team)) {
      driver.must({
        kind: 'task-done',
        type: TYPE_3,
        phase: 'eradicate',
        task: task.id,
        team: task.team,
        proof: { entries: [1] },
      })
    }
    const reason = reasonOf(driver, { kind: 'phase-closed', type: TYPE_3, phase: 'eradicate' })
    expect(reason).toContain(`(open-tasks-${team} is `)
    expect(reasonOf(driver, { kind: 'closed', resolution: 'resolved', reason: 'x' })).toContain(
      `phase eradicate is not closed (tasks of ${team})`,
    )
  })
}

test('C4 a probe that gets through later opens containment again', () => {
  const driver = classifiedAs('runtime-execution-escape')
  driver.workUntil('runtime-execution-escape', 'eradicate')
  driver.must({ kind: 'fact', fact: 'paths-open', value: 1, proof: { entries: [50] } }, PROGRAM)
  expect(cellOf(driver.case, 'runtime-execution-escape', 'contain')?.status).toBe('reopened')
  driver.must({ kind: 'fact', fact: 'paths-open', value: 0, proof: { entries: [51] } }, PROGRAM)
  expect(reasonOf(driver, { kind: 'phase-closed', type: 'runtime-execution-escape', phase: 'contain' })).toBe(
    'accepted',
  )
})

test('recovery releases the hold, and containment stays closed', () => {
  const driver = classifiedAs(TYPE_2)
  driver.workUntil(TYPE_2, 'recover')
  driver.act({ state: 'released' })
  expect(cellOf(driver.case, TYPE_2, 'contain')?.status).toBe('closed')
})

/** A refund agent held as a privilege escape, before the note that instructed it is found. */
function heldAsPrivilege(): CaseDriver {
  const driver = classifiedAs(TYPE_2)
  driver.workUntil(TYPE_2, 'eradicate')
  driver.act({ id: 'freeze', family: 'authority', words: 'freeze the credential' })
  driver.act({ id: 'rotate', family: 'authority', words: 'rotate the secret', isReversible: false })
  return driver
}

test('C5 another type keeps the work and the history, and asks about each action by itself', () => {
  const driver = heldAsPrivilege()
  driver.classify(TYPE_3)
  expect(driver.case.types.map(({ type }) => type)).toEqual([TYPE_2, TYPE_3])
  const old = cellOf(driver.case, TYPE_2, 'contain')
  expect(old?.status).toBe('superseded')
  expect(old?.tasks.size).toBeGreaterThan(0)
  expect(reasonOf(driver, { kind: 'phase-opened', type: TYPE_2, phase: 'eradicate' })).toContain('are closed to it')
  driver.workUntil(TYPE_3, 'contain')
  driver.work(TYPE_3, 'contain')
  const close: CaseDeed = { kind: 'phase-closed', type: TYPE_3, phase: 'contain' }
  expect(reasonOf(driver, close)).toContain('actions of an earlier type are settled (unsettled-actions is 3)')
  const settle = (action: string, how: 'reverted' | 'justified') =>
    reasonOf(driver, { kind: 'action-settled', action, how, reason: 'the credential was used all the same' })
  expect(settle('rotate', 'reverted')).toBe('action rotate cannot be undone: justify it')
  expect(settle('rotate', 'justified')).toBe('accepted')
  expect(settle('rotate', 'justified')).toBe('action rotate is not in question')
  expect(settle('hold', 'reverted')).toBe('action hold is still in effect: release it')
  driver.act({ state: 'released' })
  expect(settle('hold', 'reverted')).toBe('accepted')
  expect(reasonOf(driver, { kind: 'action-settled', action: 'freeze', how: 'justified', reason: 'x' }, PROGRAM)).toBe(
    'only a person justifies an action',
  )
  expect(settle('freeze', 'justified')).toBe('accepted')
  driver.act({ id: 'hold-again' })
  expect(reasonOf(driver, close)).toBe('accepted')
  expect(driver.replayed()).toEqual(driver.case)
})

test('a type that comes back finds its work again', () => {
  const driver = heldAsPrivilege()
  driver.classify(TYPE_3)
  driver.classify(TYPE_2)
  driver.must({ kind: 'phase-opened', type: TYPE_2, phase: 'detect' })
  expect(cellOf(driver.case, TYPE_2, 'detect')?.tasks.size).toBe(2)
})

const NANO = (at: bigint) => at as UnixNano

function baseline(change: Partial<Baseline>): Baseline {
  return {
    profile: 'clinic/guideline-agent',
    version: '41',
    origin: 'production',
    observedFrom: NANO(0n),
    observedUntil: NANO(100n),
    parity: 'not-run',
    mode: 'monitoring',
    ...change,
  }
}

test('C6 a profile that saw the incident is not restored; one from clean staging is, in monitoring', () => {
  const driver = classifiedAs(TYPE_3)
  const contamination = { profile: 'clinic/guideline-agent', since: NANO(50n) }
  driver.must({ kind: 'contaminated', contamination })
  const restore = (change: Partial<Baseline>) => reasonOf(driver, { kind: 'restored', baseline: baseline(change) })
  expect(restore({})).toContain('is contaminated from 1970-01-01T00:00:00.000000050Z on')
  expect(restore({ observedUntil: NANO(50n) })).toContain('rebuild it from clean staging')
  expect(restore({ origin: 'clean-staging' })).toBe('the parity gate was not run for version 41')
  expect(restore({ origin: 'clean-staging', parity: 'refused' })).toBe('the parity gate refused version 41')
  expect(restore({ origin: 'clean-staging', parity: 'passed', mode: 'enforcement' })).toBe(
    'after an incident the agent comes back in monitoring',
  )
  expect(restore({ origin: 'clean-staging', parity: 'passed' })).toBe('accepted')
  expect(restore({ observedUntil: NANO(49n) })).toBe('accepted')
  driver.must({ kind: 'contaminated', contamination: { profile: 'other', since: NANO(0n) } })
  expect(restore({ observedFrom: NANO(60n) })).toContain('rebuild it from clean staging')
})

test('C6 what a profile observed after the agent came back clean may be restored, what reaches back may not', () => {
  const contaminations = [{ profile: 'clinic/guideline-agent', since: NANO(50n), until: NANO(80n) }]
  const obstacle = (observedFrom: bigint) =>
    restoreObstacle(baseline({ observedFrom: NANO(observedFrom) }), contaminations)
  expect(obstacle(81n)).toBeUndefined()
  expect(obstacle(80n)).toContain('rebuild it from clean staging')
  expect(obstacle(20n)).toContain('rebuild it from clean staging')
})

test('a false alarm is closed once nothing of the response is in effect', () => {
  const driver = classifiedAs(TYPE_2)
  driver.act()
  const close: CaseDeed = { kind: 'closed', resolution: 'false-positive', reason: 'an approved change explains it' }
  expect(reasonOf(driver, close)).toBe('nothing was wrong, and this is still in effect: hold')
  driver.act({ state: 'released' })
  expect(reasonOf(driver, close, PROGRAM)).toBe('a person closes a case')
  expect(reasonOf(driver, close)).toBe('accepted')
  expect(reasonOf(driver, close)).toBe('the case was closed as false-positive')
})

test('C7 records that could never have been accepted are named and change nothing', () => {
  const driver = classifiedAs(TYPE_2)
  const forged = { ...driver.events[1]!, position: 5 }
  const { state, refused } = caseOf(MATRIX, [...driver.events, forged])
  expect(state).toEqual(driver.case)
  expect(refused).toEqual([{ position: 5, reason: 'the case is not open' }])
})

test('C7 what another version recorded and this one does not know is named and changes nothing', () => {
  const driver = classifiedAs(TYPE_2)
  const proof = { entries: [1] }
  const deeds = [
    { kind: 'fact', fact: 'toString', value: true, proof },
    { kind: 'classified', type: 'constructor', confidence: 1, reason: 'r' },
    { kind: 'phase-opened', type: TYPE_2, phase: '__proto__' },
    { kind: 'task-done', type: TYPE_2, phase: 'prepare', task: 't', team: 'iam', proof },
  ] as unknown as readonly CaseDeed[]
  const before = driver.state
  expect(deeds.map((deed) => reasonOf(driver, deed))).toEqual([
    'fact toString is not known',
    'type constructor is not known',
    'phase __proto__ is not known',
    'phase prepare is not known',
  ])
  expect(driver.state).toBe(before)
})

test('C7 whatever is tried in whatever order, no phase closes out of order and a refused step changes nothing', () => {
  const types = fc.constantFrom(...INCIDENT_TYPES)
  const phases = fc.constantFrom(...PHASES)
  const proof = { entries: [1] }
  const deeds: fc.Arbitrary<CaseDeed> = fc.oneof(
    types.map((type): CaseDeed => ({ kind: 'classified', type, confidence: 1, reason: 'r' })),
    fc.tuple(types, phases).map(([type, phase]): CaseDeed => ({ kind: 'phase-opened', type, phase })),
    fc.tuple(types, phases).map(([type, phase]): CaseDeed => ({ kind: 'phase-closed', type, phase })),
    fc.tuple(types, phases, fc.nat(5)).map(([type, phase, at]): CaseDeed => {
      const tasks = MATRIX[type].cells[PHASES.indexOf(phase)]!.tasks
      const { id: task, team } = tasks[at % tasks.length]!
      return { kind: 'task-done', type, phase, task, team, proof }
    }),
    fc.constant<CaseDeed>({ kind: 'fact', fact: 'type-confirmed', value: true, proof }),
    fc.constant<CaseDeed>({ kind: 'closed', resolution: 'resolved', reason: 'r' }),
  )
  fc.assert(
    fc.property(fc.array(deeds, { maxLength: 60 }), (tried) => {
      const driver = new CaseDriver(MATRIX)
      for (const deed of tried) {
        const before = driver.state
        if (driver.try(deed).status === 'refused') expect(driver.state).toBe(before)
      }
      // Nobody but the program states what a phase leaves by.
      expect([...driver.case.cells.values()].filter(({ status }) => status === 'closed')).toEqual([])
      expect(driver.case.end).toBeUndefined()
      expect(driver.replayed()).toEqual(driver.case)
    }),
    { numRuns: 300 },
  )
})
