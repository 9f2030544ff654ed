import { agentIdOf } from '@holdfast/model'
import type { Component } from '@holdfast/model'
import { field, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { promptTemplate } from './agent-config.ts'
import { component } from './component.ts'
import type { Declared } from './document.ts'
import { listOf } from './iam-statement.ts'
import { MAX_COMPONENTS } from './limits.ts'

/**
 * An agent of a managed platform as its provider's API answers: Bedrock `GetAgent`, AgentCore `GetAgentRuntime`, an agent of Azure
 * AI Foundry, a reasoning engine of Vertex AI. Each component names the call that told it. Undefined for other JSON.
 */
export function readProviderExport(content: Json): Declared | undefined {
  return bedrock(content) ?? agentCore(content) ?? foundry(content) ?? vertex(content)
}

function bedrock(content: Json): Declared | undefined {
  const agent = field(content, 'agent')
  const arn = textField(agent, 'agentArn')
  const [, region, account] = /^arn:aws[\w-]*:bedrock:([a-z0-9-]+):(\d{12}):agent\/\w+$/.exec(arn ?? '') ?? []
  const name = textField(agent, 'agentName')
  if (region === undefined || account === undefined || name === undefined) return undefined
  const api = 'bedrock:GetAgent'
  const instruction = textField(agent, 'instruction')
  const version = textField(agent, 'agentVersion')
  return declared({ api, host: `bedrock ${account} ${region}`, name, version, managedBy: 'aws bedrock' }, [
    modelPart(textField(agent, 'foundationModel'), { api, provider: 'aws.bedrock' }),
    component('endpoint', `bedrock-runtime.${region}.amazonaws.com`, { api }),
    identityPart(textField(agent, 'agentResourceRoleArn'), { api, kind: 'role' }),
    templatePart(instruction, name, api),
    ...listOf(field(content, 'actionGroupSummaries')).map((group) =>
      toolPart(textField(group, 'actionGroupName'), 'bedrock:ListAgentActionGroups'),
    ),
    ...listOf(field(content, 'agentKnowledgeBaseSummaries')).map((base) =>
      sourcePart(textField(base, 'knowledgeBaseId'), 'bedrock:ListAgentKnowledgeBases'),
    ),
  ])
}

function agentCore(content: Json): Declared | undefined {
  const arn = textField(content, 'agentRuntimeArn')
  const [, region, account] =
    /^arn:aws[\w-]*:bedrock-agentcore:([a-z0-9-]+):(\d{12}):runtime\/[\w-]+$/.exec(arn ?? '') ?? []
  const name = textField(content, 'agentRuntimeName')
  if (region === undefined || account === undefined || name === undefined) return undefined
  const api = 'bedrock-agentcore:GetAgentRuntime'
  const host = `bedrock-agentcore ${account} ${region}`
  const image = textField(field(field(content, 'agentRuntimeArtifact'), 'containerConfiguration'), 'containerUri')
  const environment = field(content, 'environmentVariables')
  const model = textField(environment, 'MODEL_ID', 'MODEL', 'BEDROCK_MODEL_ID')
  const version = textField(content, 'agentRuntimeVersion')
  return declared({ api, host, name, version, managedBy: 'aws bedrock-agentcore' }, [
    modelPart(model, { api, provider: 'aws.bedrock' }),
    component('endpoint', `bedrock-agentcore.${region}.amazonaws.com`, { api }),
    identityPart(textField(content, 'roleArn'), { api, kind: 'role' }),
    image === undefined ? undefined : component('image', image, { api }),
  ])
}

function foundry(content: Json): Declared | undefined {
  const id = textField(content, 'id')
  const kind = textField(content, 'object')
  if (id === undefined || (kind !== 'assistant' && kind !== 'agent') || textField(content, 'model') === undefined)
    return undefined
  const name = textField(content, 'name') ?? id
  const api = 'azure-ai-foundry:GetAgent'
  const instructions = textField(content, 'instructions')
  return declared({ api, host: 'azure-ai-foundry', name, version: undefined, managedBy: 'azure foundry' }, [
    modelPart(textField(content, 'model'), { api, provider: 'azure.ai.inference' }),
    templatePart(instructions, name, api),
    ...listOf(field(content, 'tools')).map((tool) =>
      toolPart(textField(field(tool, 'function'), 'name') ?? textField(tool, 'type'), api),
    ),
  ])
}

function vertex(content: Json): Declared | undefined {
  const resource = textField(content, 'name')
  const [, project, place] =
    /^projects\/([^/]+)\/locations\/([^/]+)\/reasoningEngines\/[^/]+$/.exec(resource ?? '') ?? []
  if (project === undefined || place === undefined) return undefined
  const spec = field(content, 'spec')
  const name = textField(content, 'displayName') ?? resource ?? ''
  const api = 'aiplatform:reasoningEngines.get'
  const framework = textField(spec, 'agentFramework')
  const python = textField(field(spec, 'packageSpec'), 'pythonVersion')
  const env = listOf(field(field(spec, 'deploymentSpec'), 'env'))
  const model = env.find((one) => /(?:^|_)MODEL(?:_NAME|_ID)?$/.test(textField(one, 'name') ?? ''))
  return declared({ api, host: `vertex ${project} ${place}`, name, version: undefined, managedBy: 'gcp vertex' }, [
    modelPart(textField(model, 'value'), { api, provider: 'gcp.vertex_ai' }),
    component('endpoint', `${place}-aiplatform.googleapis.com`, { api }),
    identityPart(textField(spec, 'serviceAccount'), { api, kind: 'service-account' }),
    framework === undefined ? undefined : component('framework', framework, { api }),
    python === undefined ? undefined : { ...component('runtime', 'python', { api }), version: python },
    ...listOf(field(spec, 'classMethods')).map((method) => toolPart(textField(method, 'name'), api)),
  ])
}

type Named = {
  readonly api: string
  readonly host: string
  readonly name: string
  readonly version: string | undefined
  /** Who runs it: kernel layers are not to be had there. */
  readonly managedBy: string
}

function declared({ api, host, name, version, managedBy }: Named, parts: readonly (Component | undefined)[]): Declared {
  const own =
    version === undefined ? [] : [{ ...component('package', name, { api, role: 'the agent itself' }), version }]
  return {
    format: 'provider-export',
    agent: { id: agentIdOf({ kind: 'host', host, service: name }), name },
    components: [...own, ...parts.filter((part) => part !== undefined)].slice(0, MAX_COMPONENTS),
    grants: [],
    bindings: [],
    facts: { 'api-call': api, 'managed-by': managedBy },
  }
}

function templatePart(text: string | undefined, name: string, api: string): Component | undefined {
  if (text === undefined) return undefined
  const part = promptTemplate(text, name)
  return { ...part, details: { ...part.details, api } }
}

function modelPart(name: string | undefined, details: Readonly<Record<string, string>>): Component | undefined {
  return name === undefined ? undefined : component('model', name.replace(/^arn:.*foundation-model\//, ''), details)
}

function identityPart(name: string | undefined, details: Readonly<Record<string, string>>): Component | undefined {
  return name === undefined ? undefined : component('identity', name, details)
}

function toolPart(name: string | undefined, api: string): Component | undefined {
  return name === undefined ? undefined : component('tool', name, { api })
}

function sourcePart(name: string | undefined, api: string): Component | undefined {
  return name === undefined ? undefined : component('data-source', name, { api })
}
