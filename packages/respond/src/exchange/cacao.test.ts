import { INCIDENT_TYPES } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { shippedMatrix } from '../testing/case-driver.ts'
import type { CacaoPlaybook } from './cacao.ts'
import { brokenReferences, cacaoPlaybookSchema } from './cacao.ts'
import { exportCacao } from './export-cacao.ts'
import { importCacao } from './import-cacao.ts'
import { playbookUuid } from './uuid.ts'

const MATRIX = shippedMatrix()
const OPTIONS = {
  createdBy: 'identity--2d4c2a2e-8f0a-4b0e-9a4e-0c1d2e3f4a5b',
  created: '2026-11-21T00:00:00.000Z',
  modified: '2026-11-21T00:00:00.000Z',
}

function plain(playbooks: readonly CacaoPlaybook[]): CacaoPlaybook[] {
  return JSON.parse(JSON.stringify(playbooks)) as CacaoPlaybook[]
}

for (const type of INCIDENT_TYPES) {
  const playbooks = exportCacao(MATRIX[type], OPTIONS)

  test(`${type}: seven playbooks that fit the allow-list, with references that lead somewhere`, () => {
    expect(playbooks).toHaveLength(7)
    for (const playbook of playbooks) {
      expect(cacaoPlaybookSchema.safeParse(playbook).error?.issues).toBeUndefined()
      expect(brokenReferences(playbook)).toEqual([])
    }
    const ids = playbooks.flatMap(({ id, workflow }) => [id, ...Object.keys(workflow)])
    expect(new Set(ids.map((id) => id.split('--')[1])).size).toBe(ids.length)
  })

  test(`${type}: every activity that is listed stands in a step, and every call leads to a playbook`, () => {
    const [whole, ...cells] = playbooks
    const calls = Object.values(whole!.workflow).flatMap((step) =>
      step.type === 'playbook-action' ? step.playbook_id : [],
    )
    expect(calls).toEqual(cells.map(({ id }) => id))
    for (const { workflow, playbook_activities: listed } of cells) {
      const used = Object.values(workflow).flatMap((step) =>
        step.type === 'action' ? step.commands.map((command) => command.playbook_activity) : [],
      )
      expect([...new Set(used)]).toEqual(listed)
    }
  })

  test(`X1 ${type}: the way out and back in gives the same runbook, and the same ids again`, () => {
    const imported = importCacao(plain(playbooks).toReversed())
    expect(imported).toEqual({ status: 'runbook-draft', runbook: MATRIX[type] })
    expect(imported.status === 'runbook-draft' && exportCacao(imported.runbook, OPTIONS)).toEqual(playbooks)
  })
}

test('a playbook has the id that CACAO derives from its name and types', () => {
  // Version 5 in the namespace of CACAO over {"name":"a","playbook_types":["attack"]}.
  expect(playbookUuid('a', ['attack'])).toBe('bddcb607-4071-530d-a197-75852f56f032')
})

function importedWith(change: (playbook: Record<string, unknown>) => void): ReturnType<typeof importCacao> {
  const playbooks = plain(exportCacao(MATRIX['reasoning-compromise'], OPTIONS))
  change(playbooks[4] as unknown as Record<string, unknown>)
  return importCacao(playbooks)
}

function problems(result: ReturnType<typeof importCacao>): string {
  return result.status === 'refused' ? result.problems.join('\n') : result.status
}

test('X2 what is not on the allow-list is refused and named: another property, a command that runs, a version', () => {
  expect(problems(importedWith((playbook) => void (playbook['x_hidden'] = 1)))).toContain('x_hidden')
  expect(problems(importedWith((playbook) => void (playbook['spec_version'] = '1.1')))).toContain(
    'playbook 5: spec_version',
  )
  const bash = importedWith(({ workflow }) => {
    const action = Object.values(workflow as Record<string, { type: string; commands?: unknown }>).find(
      ({ type }) => type === 'action',
    )!
    action.commands = [{ type: 'bash', command: 'rm -rf /' }]
  })
  expect(problems(bash)).toContain('commands.0.type')
})

test('X2 an agent that is named like a property of every object is refused', () => {
  const result = importedWith(({ workflow }) => {
    for (const step of Object.values(workflow as Record<string, { agent?: string }>)) {
      if (step.agent !== undefined) step.agent = 'constructor'
    }
  })
  expect(problems(result)).toContain('agent: an id of type group')
})

test('X2 any value at all is refused or drafted, and never thrown at', () => {
  const whole = JSON.stringify(exportCacao(MATRIX['runtime-execution-escape'], OPTIONS))
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.jsonValue(), (at, value) => {
      // One key or value in the middle of a good export becomes something else.
      const cut = whole.indexOf('":', at)
      const end = whole.indexOf(',"', cut + 2)
      if (cut < 0 || end < 0) return
      const text = whole.slice(0, cut + 2) + JSON.stringify(value) + whole.slice(end)
      let parsed: unknown
      try {
        parsed = JSON.parse(text)
      } catch {
        return
      }
      if (Array.isArray(parsed))
        expect(['refused', 'runbook-draft', 'steps-draft']).toContain(importCacao(parsed).status)
    }),
    { numRuns: 500 },
  )
})

test('a reference that leads nowhere is refused', () => {
  const result = importedWith(({ workflow }) => {
    const steps = workflow as Record<string, { type: string }>
    for (const [id, { type }] of Object.entries(steps)) if (type === 'end') delete steps[id]
  })
  expect(problems(result)).toContain('there is no end step')
  expect(problems(result)).toContain('which is not there')
})

test('our own extension with a condition that no runbook may have is refused', () => {
  const result = importedWith((playbook) => {
    const text = JSON.stringify(playbook['playbook_extensions']).replace('siblings-unchecked', 'all-is-well')
    playbook['playbook_extensions'] = JSON.parse(text)
  })
  expect(problems(result)).toContain('fact "all-is-well" is unknown')
})

test('a playbook of somebody else comes in as steps to review', () => {
  const [, cell] = plain(exportCacao(MATRIX['privilege-boundary-escape'], OPTIONS))
  const { playbook_extensions: _, ...foreign } = cell!
  const result = importCacao([foreign])
  expect(result).toMatchObject({ status: 'steps-draft', name: 'Privilege boundary escape: detect' })
  expect(result.status === 'steps-draft' && result.steps.map(({ by }) => by)).toEqual([
    'security-operations',
    'security-operations',
  ])
  expect(problems(importCacao([]))).toBe('there is no playbook')
  expect(problems(importCacao([null, 'x', 3]))).toContain('playbook 1')
})

test('a playbook with more steps than anybody reads is refused', () => {
  const [, cell] = plain(exportCacao(MATRIX[INCIDENT_TYPES[0]], OPTIONS))
  const end = Object.entries(cell!.workflow).find(([, step]) => step.type === 'end')!
  const id = (i: number) => `end--00000000-0000-4000-8000-${i.toString(16).padStart(12, '0')}`
  const more = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [id(i), end[1]]))
  const imported = importCacao([{ ...cell!, workflow: { ...cell!.workflow, ...more } }])
  expect(imported.status === 'refused' && imported.problems.join()).toContain('a workflow has at most 512 steps')
})
