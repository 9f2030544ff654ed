import { pick } from '../random.ts'

/** One step of work: a tool with the host it asks, or a search in an index. */
export type Step =
  | { readonly kind: 'tool'; readonly tool: string; readonly host: string; readonly argument: Argument }
  | { readonly kind: 'search'; readonly source: string; readonly host: string }

/** What the step is given: a customer of many, one of a closed list, a page, or a file name that never comes again. */
export type Argument = 'customer' | 'payee' | 'page' | 'name'

export type Flow = {
  readonly steps: readonly Step[]
  readonly weight: number
  readonly repeats?: readonly [number, number]
}

/** What a kind of agent does all day. `rows`: what its largest reads give. */
export type Kit = {
  readonly name: string
  readonly executions: number
  readonly flows: readonly Flow[]
  /** Once a week, on Mondays at two. */
  readonly weekly?: Flow
  readonly rows: number
  /** Hosts that never settle. */
  readonly roams?: true
}

const tool = (name: string, host: string, argument: Argument = 'customer'): Step => ({
  kind: 'tool',
  tool: name,
  host: `${host}.example.test`,
  argument,
})
const search = (source: string, host: string): Step => ({ kind: 'search', source, host: `${host}.example.test` })

const read = tool('ticket.read', 'helpdesk')
const crm = tool('crm.query', 'crm')
const reply = tool('ticket.reply', 'helpdesk')
const exporting = tool('export.write', 'exports', 'name')
const sql = tool('sql.query', 'warehouse')
const report = tool('report.send', 'reports', 'name')
const handbook = search('handbook', 'search')

export const KITS: readonly Kit[] = [
  {
    name: 'support',
    executions: 40,
    rows: 20,
    flows: [
      { steps: [read, reply], weight: 50 },
      { steps: [read, crm, reply], weight: 30 },
      { steps: [read, handbook, reply], weight: 18 },
      { steps: [read, crm, handbook, reply], weight: 4 },
      // Seldom: some agents do it for the first time long after they began.
      { steps: [read, tool('ticket.escalate', 'helpdesk')], weight: 0.25 },
    ],
    weekly: { steps: [crm, exporting], weight: 1, repeats: [2, 3] },
  },
  {
    name: 'analytics',
    executions: 24,
    rows: 200,
    flows: [
      { steps: [search('metrics', 'search'), sql, report], weight: 50 },
      { steps: [sql, sql, report], weight: 30 },
      { steps: [search('metrics', 'search'), sql], weight: 20 },
      { steps: [tool('sheet.read', 'sheets'), report], weight: 0.4 },
    ],
  },
  {
    name: 'payments',
    executions: 32,
    rows: 10,
    flows: [
      {
        steps: [tool('order.list', 'orders'), tool('refund.create', 'bank', 'payee'), tool('notify.send', 'mail')],
        weight: 70,
      },
      { steps: [tool('order.list', 'orders'), tool('order.read', 'orders')], weight: 30 },
    ],
  },
  {
    name: 'pipeline',
    executions: 6,
    rows: 100,
    flows: [
      {
        steps: [
          tool('intake.list', 'intake', 'page'),
          tool('document.extract', 'intake', 'name'),
          tool('store.put', 'store', 'name'),
        ],
        weight: 1,
        repeats: [4, 9],
      },
    ],
  },
  {
    name: 'coder',
    executions: 30,
    rows: 5,
    roams: true,
    flows: [
      { steps: [tool('run_python', 'pypi', 'name'), tool('file.read', 'git', 'name')], weight: 60 },
      {
        steps: [tool('git.clone', 'git', 'name'), tool('run_python', 'pypi', 'name'), tool('test.run', 'ci', 'name')],
        weight: 40,
      },
    ],
  },
  {
    name: 'orchestrator',
    executions: 20,
    rows: 10,
    flows: [
      {
        steps: [
          tool('plan.write', 'plans'),
          tool('hand.to-research', 'agents'),
          tool('report.send', 'reports', 'name'),
        ],
        weight: 50,
      },
      { steps: [tool('plan.write', 'plans'), tool('hand.to-writer', 'agents')], weight: 40 },
      { steps: [tool('plan.read', 'plans'), tool('hand.to-writer', 'agents')], weight: 10 },
    ],
  },
]

export function flowOf(kit: Kit, random: () => number): Flow {
  return pick(
    random,
    kit.flows.map((flow) => [flow, flow.weight] as const),
  )
}
