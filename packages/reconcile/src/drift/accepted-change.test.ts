import { expect, test } from 'vitest'
import type { DriftChange } from '@holdfast/model'
import { execution, EXPORT, judged, LOOKUP, QUIET, quietDays, recorded, TICKET, type Deed } from './testing/days.ts'

const rowOf = ({ signals: { deployment, continuity, bounds } }: DriftChange): string =>
  [deployment, continuity, bounds].map(({ holds }) => (holds ? '1' : '0')).join('')
const NEW_TOOL: readonly Deed[] = [...TICKET, ['tool', 'order.status'], ['tool-order', 'ticket.read -> order.status']]
const toTool = {
  change: 'tool-catalogue',
  subject: 'desk-server',
  to: 'order.status',
  approver: 'k.osei',
  changeId: 'REL-3',
}

test('what an approval names may be used for the first time within a week, and nothing else comes in with it', () => {
  const side = (deeds: readonly Deed[], day: number, change: object) =>
    judged([execution(QUIET, 12, deeds)], [recorded(day, 12, change)]).changes.map((one) => one.side)
  const reach: readonly Deed[] = [...TICKET, ['destination', 'partner.example.net:443']]
  const grant = { change: 'grant', subject: 'egress', to: 'partner.example.net:443', approver: 'k.osei' }
  for (const [deeds, change] of [
    [NEW_TOOL, toTool],
    [reach, grant],
  ] as const) {
    expect(side(deeds, QUIET - 6, change)).toEqual(['evolution'])
    expect(side(deeds, QUIET - 8, change)).toEqual(['risky'])
    expect(side(deeds, QUIET - 6, { ...change, approver: ' ' })).toEqual(['risky'])
    expect(side(deeds, QUIET - 6, { ...change, to: 'another' })).toEqual(['risky'])
  }
  // A rollout is of its hours, whatever it is called.
  expect(side(NEW_TOOL, QUIET - 6, { ...toTool, change: 'deploy' })).toEqual(['risky'])
})

test('what was first in the execution of an attack is judged by itself in the next one, and the attack stays risky', () => {
  const stolen = execution(QUIET, 9, [...NEW_TOOL, ['retrieval-source', 'payroll']])
  const clean = execution(QUIET, 10, NEW_TOOL)
  const after = execution(QUIET + 3, 10, NEW_TOOL)
  const { changes } = judged([stolen, clean, after], [recorded(QUIET, 8, toTool)])
  expect(changes.map((one) => `${rowOf(one)} ${one.side} ${one.at.slice(11, 13)} ${one.key ?? ''}`)).toEqual([
    '011 risky 09 payroll',
    '101 risky 09 order.status',
    '111 evolution 10 order.status',
  ])
  // Nobody recorded it: what follows the attack is the attack.
  const unrecorded = judged([stolen, clean, after]).changes.filter(({ key }) => key === 'order.status')
  expect(unrecorded).toMatchObject([{ side: 'risky', times: 3 }])
})

test('a new tool is new to the Monday export as long as the two could hardly have met', () => {
  const export2: readonly Deed[] = [
    ...EXPORT,
    ['tool', 'order.status'],
    ['tool-order', 'crm.query -> order.status'],
    ['destination', 'helpdesk.example.test:443'],
  ]
  const usual: readonly Deed[] = [
    ...LOOKUP,
    ...NEW_TOOL.slice(TICKET.length),
    ['tool-order', 'crm.query -> order.status'],
  ]
  // Three weeks of the tool with the ticket's host, then with what is exported on Mondays.
  const used = Array.from({ length: 20 }, (_, i) => execution(QUIET + i, 8.5, usual))
  const quiet = quietDays(QUIET + 21)
    .slice(QUIET)
    .flat()
  const monday = execution(QUIET + 20, 2, export2, { calls: 3, rows: 220 })
  const risky = (changes: readonly ReturnType<typeof recorded>[], last = monday) =>
    judged([...quiet, ...used, last], changes).changes.filter(({ side }) => side === 'risky')
  expect(risky([recorded(QUIET, 8, toTool)])).toEqual([])
  // Steps that were always there are as strange together as before.
  const ticket: readonly Deed[] = [...export2, ['tool', 'ticket.read']]
  expect(risky([recorded(QUIET, 8, toTool)], execution(QUIET + 20, 2, ticket, { calls: 3, rows: 220 }))).toMatchObject([
    { kind: 'sequence' },
  ])
})

test('a tool that is back comes with the host that it always asked, and a host that is back alone is news', () => {
  const deeds: readonly Deed[] = [...TICKET, ['tool', 'sheet.read'], ['destination', 'sheets.example.test:443']]
  const back = (then: readonly Deed[]) =>
    judged([...quietDays(40).slice(QUIET).flat(), execution(2, 12, deeds), execution(39, 12, then)]).changes
  expect(back(deeds)).toMatchObject([{ kind: 'returned', key: 'sheet.read' }])
  expect(back([...TICKET, ['destination', 'sheets.example.test:443']])).toMatchObject([
    { kind: 'returned', key: 'sheets.example.test:443' },
  ])
})

test('a longer prompt explains the first answer that breaks the bound days later, as far as all answers grew', () => {
  const longer = { change: 'prompt-template', subject: 'system', to: '13', approver: 'k.osei' }
  const days = (usual: number) =>
    [1, 2, 3].flatMap((i) =>
      Array.from({ length: 9 }, (_, n) => execution(QUIET + i, 8 + n, TICKET, { tokens: usual })),
    )
  const last = (tokens: number) => execution(QUIET + 3, 18, TICKET, { tokens })
  const sides = (usual: number, tokens: number) =>
    judged([...days(usual), last(tokens)], [recorded(QUIET, 8, longer)]).changes.map(
      (one) => `${rowOf(one)} ${one.side}`,
    )
  expect(sides(1_400, 2_400)).toEqual(['110 evolution'])
  expect(sides(1_400, 9_000)).toEqual(['010 risky'])
  expect(sides(1_000, 2_000)).toEqual(['010 risky'])
})
