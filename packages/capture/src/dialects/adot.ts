import type { Received } from '../decode/records.ts'
import type { Dialect } from './dialect.ts'
import { readGenAiLog, readGenAiSpan } from './otel-genai.ts'

/** AWS Distro for OpenTelemetry in AgentCore: GenAI names, with the ARNs of the runtime around them. */
export const agentCoreAdot: Dialect = {
  name: 'agentcore-adot',
  recognises: ({ record, resource }) => isAgentCore(record.attributes) || isAgentCore(resource.attributes),
  read: ({ record }, reader) => {
    reader.under('aws.bedrock.agentcore.')
    for (const key of [
      'gen_ai.runtime.id',
      'gen_ai.gateway.id',
      'aws.gateway.target.id',
      'aws.ai.agent.type',
      'aws.request_id',
      'aws.remote.service',
      'aws.local.service',
      'aws.local.operation',
      'aws.remote.operation',
      'aws.span.kind',
      'aws.local.environment',
    ])
      reader.value(key)
    const agent = reader.text('aws.bedrock.agent.id')
    const reading = record.kind === 'span' ? readGenAiSpan(record, reader) : readGenAiLog(record, reader)
    return agent === undefined || reading.member !== undefined ? reading : { ...reading, member: agent }
  },
}

function isAgentCore(attributes: Received['resource']['attributes']): boolean {
  for (const key of attributes.keys())
    if (key.startsWith('aws.bedrock.agentcore.') || key === 'gen_ai.runtime.id') return true
  return false
}
