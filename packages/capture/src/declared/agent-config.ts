import { hash } from 'node:crypto'
import { agentIdOf, templateText } from '@holdfast/model'
import type { Component } from '@holdfast/model'
import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { component, hostOf } from './component.ts'
import type { Declared } from './document.ts'
import { listOf } from './iam-statement.ts'
import { MAX_COMPONENTS } from './limits.ts'

/**
 * A file in which an agent is configured: a `model` and beside it instructions or tools, at the top or below `agent`. Most
 * frameworks' files look so. Undefined for other JSON.
 */
export function readAgentConfig(content: Json, fileName: string): Declared | undefined {
  const own = isJsonObject(field(content, 'agent')) ? (field(content, 'agent') as Json) : content // checked just before
  const model = modelOf(own)
  const prompt = promptOf(own)
  const tools = field(own, 'tools')
  if (model === undefined || (prompt === undefined && !isJsonArray(tools) && !isJsonObject(tools))) return undefined
  const stated = textField(own, 'name', 'agent_name', 'agentName')
  const name = stated ?? fileName
  const provider = textField(field(own, 'model'), 'provider') ?? textField(own, 'provider')
  const endpoint = hostOf(
    textField(own, 'base_url', 'baseUrl', 'endpoint') ?? textField(field(own, 'model'), 'base_url') ?? '',
  )
  const components = [
    component('model', model, { provider }),
    ...(endpoint === undefined ? [] : [component('endpoint', endpoint, {})]),
    ...(prompt === undefined ? [] : [promptTemplate(prompt, name)]),
    ...toolsOf(tools),
  ]
  return {
    format: 'agent-config',
    ...(stated === undefined ? {} : { agent: { id: agentIdOf({ kind: 'host', service: stated }), name: stated } }),
    components: components.slice(0, MAX_COMPONENTS),
    grants: [],
    bindings: [],
    facts: {},
  }
}

/** A prompt as a template: known by its digest, never by its text. */
export function promptTemplate(text: string, agent: string): Component {
  return {
    ...component('prompt-template', `system prompt of ${agent}`, {}),
    digest: hash('sha256', templateText(text), 'hex'),
    slot: `prompt-template:${agent}`.slice(0, 512),
  }
}

function modelOf(json: Json): string | undefined {
  const model = field(json, 'model', 'model_name', 'modelId', 'llm')
  return typeof model === 'string' && model !== '' ? model : textField(model, 'name', 'id', 'model')
}

function promptOf(json: Json): string | undefined {
  return textField(json, 'instructions', 'system_prompt', 'systemPrompt', 'system', 'system_message', 'prompt')
}

function toolsOf(tools: Json | undefined): readonly Component[] {
  const named = isJsonObject(tools) ? Object.keys(tools) : listOf(tools).flatMap((tool) => nameOf(tool) ?? [])
  return named.map((name) => component('tool', name, {}))
}

function nameOf(tool: Json): string | undefined {
  if (typeof tool === 'string') return tool
  return textField(tool, 'name') ?? textField(field(tool, 'function'), 'name') ?? textField(tool, 'type')
}
