import type { AttributeMap } from '../decode/any-value.ts'
import { readContentLog } from './adot-content.ts'
import type { Dialect } from './dialect.ts'

/**
 * AWS Distro for OpenTelemetry in AgentCore: whatever vocabulary the agent's library speaks, with the names and ARNs of
 * the runtime around it. `inner` are the vocabularies that it may hold, in the order in which they are asked.
 */
export function agentCoreAdot(inner: readonly Dialect[]): Dialect {
  return {
    name: 'agentcore-adot',
    recognises: ({ record, resource }) => isAgentCore(resource.attributes) || isAgentCore(record.attributes),
    read: (received, reader) => {
      reader.under('aws.bedrock.agentcore.')
      for (const key of RUNTIME_KEYS) reader.value(key)
      const agent = reader.text('aws.bedrock.agent.id')
      const contents = received.record.kind === 'log' ? readContentLog(received.record) : undefined
      if (contents !== undefined) return { acts: contents, stepName: 'contents of a span' }
      const reading = inner.find((dialect) => dialect.recognises(received))?.read(received, reader) ?? { acts: [] }
      return agent === undefined || reading.member !== undefined ? reading : { ...reading, member: agent }
    },
  }
}

const RUNTIME_KEYS = [
  'gen_ai.runtime.id',
  'gen_ai.gateway.id',
  'gen_ai.memory.id',
  'aws.gateway.target.id',
  'aws.ai.agent.type',
  'aws.request_id',
  'aws.auth.account.access_key',
  'aws.auth.region',
  'aws.region',
  'aws.local.environment',
  'aws.local.operation',
  'aws.local.service',
  'aws.remote.operation',
  'aws.remote.service',
  'aws.remote.resource.type',
  'aws.remote.resource.identifier',
  'aws.span.kind',
  'PlatformType',
]

const MARKERS = [
  'aws.bedrock.agentcore.runtime.arn',
  'aws.bedrock.agentcore.runtime_endpoint.arn',
  'aws.bedrock.agentcore.gateway.arn',
  'aws.bedrock.agentcore.memory.arn',
  'aws.bedrock.agentcore.browser.arn',
  'aws.bedrock.agentcore.code_interpreter.arn',
  'gen_ai.runtime.id',
]

function isAgentCore(attributes: AttributeMap): boolean {
  return attributes.get('cloud.platform') === 'aws_bedrock_agentcore' || MARKERS.some((key) => attributes.has(key))
}
