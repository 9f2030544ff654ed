import { AGENT_CLASSES } from '@holdfast/model'
import { expect, test } from 'vitest'
import { baselineOf, classOf, workloadType, type Acts } from './agent-class.ts'

const NOTHING: Acts = { modelCalls: 0, replies: 0, documents: 0, delegations: 0, programs: 0, tools: {} }

test.each([
  { of: 'retrieval', acts: { modelCalls: 9, documents: 12, tools: { search_docs: 4 } } },
  { of: 'support', acts: { modelCalls: 9, replies: 3, tools: { get_ticket: 6, updateCustomer: 2 } } },
  { of: 'transaction', acts: { modelCalls: 9, replies: 2, tools: { lookup_order: 5, create_refund: 3 } } },
  { of: 'retrieval', acts: { modelCalls: 9, replies: 2, tools: { lookup_order: 9, getPaymentStatus: 3 } } },
  { of: 'pipeline', acts: { modelCalls: 9, tools: { write_row: 30, notify_done: 1 } } },
  { of: 'code-execution', acts: { modelCalls: 9, tools: { run_python: 5, read_file: 5 } } },
  { of: 'code-execution', acts: { modelCalls: 9, programs: 8, tools: { read_file: 5 } } },
  { of: 'orchestrator', acts: { modelCalls: 9, delegations: 4, tools: { get_status: 3 } } },
  { of: 'unclassified', acts: { modelCalls: 2 } },
] as const)('I9 an agent that does $acts is of class $of, with a reason', ({ of, acts }) => {
  const found = classOf({ ...NOTHING, ...acts })
  expect(found.class).toBe(of)
  expect(found.reasons.length).toBeGreaterThan(0)
})

test('DEC-4 a baseline follows the class: equal for one class, different for two', () => {
  const digests = AGENT_CLASSES.map((one) => baselineOf(one).digest)
  expect(new Set(digests).size).toBe(AGENT_CLASSES.length)
  expect(AGENT_CLASSES.map((one) => baselineOf(one).digest)).toEqual(digests)
})

test.each([
  { aiServer: true, aiClient: true, type: 'mcp-server' },
  { aiServer: true, aiClient: false, type: 'mcp-server' },
  { aiServer: false, aiClient: true, type: 'agent' },
  { aiServer: false, aiClient: false, type: 'neither' },
])('DEC-12 a workload with server role $aiServer and client role $aiClient is: $type', ({ type, ...roles }) => {
  expect(workloadType(roles)).toBe(type)
})
