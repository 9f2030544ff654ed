import type { Child } from './child.ts'
import type { ChildOptions } from './child.ts'

/** How one story is run. Its servers are up before the agent starts, and stop after it, last first. */
export type Story = {
  readonly name: ScenarioName
  readonly conversationId: string
  readonly servers: readonly ServerProgram[]
  readonly agent: Program
}

export type ScenarioName = 'support-desk' | 'research-graph' | 'refund-triage' | 'ops-handover'

export type Program = Pick<ChildOptions, 'program' | 'imports'> & {
  /** OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES of the process; undefined for a server that is no agent. */
  readonly telemetry: { readonly service: string; readonly attributes: string } | undefined
}
export type ServerProgram = Program

/** In the order in which they run. */
export const STORIES: readonly Story[] = [
  {
    name: 'support-desk',
    conversationId: 'ticket-T-1042',
    servers: [],
    agent: {
      program: 'support-desk/agent.ts',
      imports: ['telemetry.ts'],
      telemetry: { service: 'support-desk', attributes: kubernetes('support', 'support-desk', '2.8.1') },
    },
  },
  {
    name: 'research-graph',
    conversationId: 'research-7',
    servers: [{ program: 'mcp/library-server.ts', telemetry: undefined }],
    agent: {
      program: 'research-graph/agent.ts',
      imports: ['research-graph/instrument.ts'],
      telemetry: { service: 'research-graph', attributes: host('0.9.4') },
    },
  },
  {
    name: 'refund-triage',
    conversationId: 'refund-4711',
    servers: [],
    agent: {
      program: 'refund-triage/agent.ts',
      telemetry: { service: 'refund-triage', attributes: kubernetes('payments', 'refund-triage', '5.0.3') },
    },
  },
  {
    name: 'ops-handover',
    conversationId: 'ops-db-host-3',
    servers: [
      {
        program: 'ops-handover/maintainer.ts',
        imports: ['telemetry.ts'],
        telemetry: { service: 'host-maintainer', attributes: host('3.2.0') },
      },
    ],
    agent: {
      program: 'ops-handover/coordinator.ts',
      imports: ['telemetry.ts'],
      telemetry: { service: 'ops-coordinator', attributes: host('1.12.0') },
    },
  },
]

export type RunningServer = { readonly child: Child; readonly url: string }

/** What the downward API and a Collector would state for a workload in a cluster. */
function kubernetes(namespace: string, deployment: string, version: string): string {
  return [
    host(version),
    'k8s.cluster.name=demo',
    `k8s.namespace.name=${namespace}`,
    `k8s.deployment.name=${deployment}`,
    `k8s.serviceaccount.name=${deployment}`,
  ].join(',')
}

function host(version: string): string {
  return `service.version=${version},deployment.environment.name=demo`
}
