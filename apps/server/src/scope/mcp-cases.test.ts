import { expect, test } from 'vitest'
import { AGENT, scopeOf, words } from './testing/scope-of.ts'

const config = (agent: string, content: object) => ({ holdfastDeclared: { document: 'mcp.json', agent, content } })

/** A request of OTLP with one span for each tool call. */
const calls = (...tools: readonly string[]) => ({
  resourceSpans: [
    {
      resource: {
        attributes: [
          { key: 'k8s.deployment.name', value: { stringValue: 'cart' } },
          { key: 'k8s.namespace.name', value: { stringValue: 'shop' } },
          { key: 'service.name', value: { stringValue: 'cart' } },
        ],
      },
      scopeSpans: [
        {
          spans: tools.map((tool, i) => ({
            traceId: '0af7651916cd43dd8448eb211c80319c',
            spanId: `b7ad6b716920333${i}`,
            name: `execute_tool ${tool}`,
            startTimeUnixNano: '1789000000000000000',
            endTimeUnixNano: '1789000000100000000',
            attributes: [
              { key: 'gen_ai.operation.name', value: { stringValue: 'execute_tool' } },
              { key: 'gen_ai.tool.name', value: { stringValue: tool } },
            ],
          })),
        },
      ],
    },
  ],
})

const CRM = { mcpServers: { crm: { command: 'crm', includeTools: ['query', 'erase'] } } }

test('a tool that its configuration lets it call is justified when called, and unused excess when idle', () => {
  expect(words(scopeOf(AGENT, [config(AGENT, CRM), calls('query')]))).toEqual([
    'justified: crm/query on *',
    'unusedExcess: crm/erase on *',
  ])
})

test('the calls of another agent do not make the servers of one that nobody listened to idle', () => {
  const quiet = 'k8s:-/shop/quiet'
  const report = scopeOf(quiet, [config(quiet, CRM), calls('query')])
  expect(words(report)).toEqual(['undetermined: crm/erase on *', 'undetermined: crm/query on *'])
})

test('a tool that no configuration names is an inventory gap', () => {
  expect(words(scopeOf(AGENT, [config(AGENT, CRM), calls('query', 'erase', 'shell')]))).toEqual([
    'gap: -/shell on ',
    'justified: crm/erase on *',
    'justified: crm/query on *',
  ])
})

test('the configuration of another agent is not its own, also under the same name', () => {
  const other = { mcpServers: { crm: { command: 'crm', includeTools: ['drop'] } } }
  expect(words(scopeOf(AGENT, [config(AGENT, CRM), config('k8s:-/shop/other', other), calls('query')]))).toEqual([
    'justified: crm/query on *',
    'unusedExcess: crm/erase on *',
  ])
})

test('the service account of a manifest is the identity that the agent acts as', () => {
  const manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { template: { spec: { serviceAccountName: 'cart', containers: [{ name: 'c', image: 'i:1' }] } } },
  }
  const { actsAs } = scopeOf(AGENT, [manifest])
  expect(actsAs).toMatchObject([
    { principal: 'system:serviceaccount:shop:cart', path: 'direct', statedBy: 'declared identity' },
  ])
})
