import type { IncidentType } from '@holdfast/model'
import { INCIDENT_TYPES } from '@holdfast/model'
import { expect, test } from 'vitest'

import { CaseDriver, isCaseFact, shippedMatrix, valuesFor } from '../testing/case-driver.ts'
import type { Phase } from '../runbook/runbook.ts'
import { cellsOf } from '../runbook/parse-runbook.ts'
import { exitChecks } from './conditions.ts'
import { cellOf } from './state.ts'

const MATRIX = shippedMatrix()
const CELLS = cellsOf(MATRIX)

/** A case that was worked up to the cell: the log is sealed and the type is named. */
function before(type: IncidentType, phase: Phase): CaseDriver {
  const driver = new CaseDriver(MATRIX)
  driver.classify(type)
  driver.seal()
  driver.workUntil(type, phase)
  return driver
}

test('there are eighteen cells', () => {
  expect(CELLS.map(({ type, cell }) => `${type} ${cell.phase}`)).toHaveLength(18)
})

for (const { type, cell } of CELLS) {
  const { phase } = cell

  test(`C4 ${type} ${phase}: it stays open until all that it asks for is there, then closes`, () => {
    const driver = before(type, phase)
    driver.work(type, phase)
    expect(driver.try({ kind: 'phase-closed', type, phase }).status).toBe('accepted')
    expect(cellOf(driver.case, type, phase)?.status).toBe('closed')
  })

  for (const condition of cell.leaves.filter((each) => !isCaseFact(each))) {
    const refusedFor = (driver: CaseDriver) => {
      const result = driver.try({ kind: 'phase-closed', type, phase })
      return result.status === 'refused' ? result.checks?.map(({ says }) => says) : 'closed'
    }

    test(`${type} ${phase}: "${condition.says}" by itself holds it open, unsaid and unmet`, () => {
      const unsaid = before(type, phase)
      const isSaidBefore = unsaid.case.facts.has(condition.fact)
      unsaid.work(type, phase, condition)
      expect(refusedFor(unsaid)).toEqual(isSaidBefore ? 'closed' : [condition.says])
      const { bad } = valuesFor(condition)
      // What any answer fulfils is open for want of one.
      if (bad === undefined) return expect(isSaidBefore).toBe(false)
      const unmet = before(type, phase)
      unmet.work(type, phase)
      unmet.fact(condition, bad)
      expect(refusedFor(unmet)).toEqual([condition.says])
    })
  }

  test(`C2 ${type} ${phase}: a fresh cell fails every check and none of them passes for want of an answer`, () => {
    const driver = before(type, phase)
    for (const condition of cell.enters) if (!isCaseFact(condition)) driver.fact(condition, valuesFor(condition).good)
    driver.must({ kind: 'phase-opened', type, phase })
    const stated = new Set(driver.case.facts.keys())
    for (const check of exitChecks({ matrix: MATRIX, state: driver.case, type, phase })) {
      const condition = cell.leaves.find(({ says }) => says === check.says)
      const isKnown = condition !== undefined && (stated.has(condition.fact) || isCaseFact(condition))
      if (isKnown || check.says === 'actions of an earlier type are settled') continue
      expect(check.holds, check.says).toBe(false)
    }
  })

  test(`${type} ${phase}: an open task and unsealed evidence hold it open and are named`, () => {
    const driver = before(type, phase)
    for (const condition of cell.enters) if (!isCaseFact(condition)) driver.fact(condition, valuesFor(condition).good)
    driver.must({ kind: 'phase-opened', type, phase })
    const evidence = cell.evidence[0]!
    driver.must({ kind: 'evidence', type, phase, evidence: evidence.id, proof: { entries: [2_000_000] } })
    const result = driver.try({ kind: 'phase-closed', type, phase })
    const reason = result.status === 'refused' ? result.reason : ''
    const task = cell.tasks[0]!
    expect(reason).toContain(`${task.team}: ${task.says} (open)`)
    expect(reason).toContain(`${evidence.says} (attached after the last seal: seal again)`)
  })
}

for (const type of INCIDENT_TYPES) {
  test(`${type}: a case goes from opened to closed, and its records give the same case in any order`, () => {
    const driver = before(type, 'detect')
    driver.workUntil(type, 'end')
    driver.must({ kind: 'closed', resolution: 'resolved', reason: 'worked to the end' })
    expect(driver.case.end?.resolution).toBe('resolved')
    expect(driver.replayed()).toEqual(driver.case)
  })

  test(`${type}: it does not close while a phase is open, and says which team has work`, () => {
    const driver = before(type, 'eradicate')
    const [condition] = MATRIX[type].cells[3]!.tasks
    driver.must({ kind: 'phase-opened', type, phase: 'eradicate' })
    const result = driver.try({ kind: 'closed', resolution: 'resolved', reason: 'tired' })
    expect(result.status === 'refused' && result.reason).toContain(
      `phase eradicate is not closed (tasks of ${condition!.team}`,
    )
  })
}
