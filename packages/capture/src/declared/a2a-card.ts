import { agentIdOf } from '@holdfast/model'
import { field, isJsonArray, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { component, hostOf } from './component.ts'
import type { Declared } from './document.ts'
import { listOf } from './iam-statement.ts'
import { MAX_COMPONENTS } from './limits.ts'

/** An A2A agent card: the skills that an agent offers to others. Undefined for other JSON. */
export function readA2aCard(content: Json): Declared | undefined {
  const name = textField(content, 'name')
  const url = textField(content, 'url') ?? textField(listOf(field(content, 'supportedInterfaces'))[0], 'url')
  if (name === undefined || url === undefined || !isJsonArray(field(content, 'skills'))) return undefined
  if (field(content, 'capabilities') === undefined && textField(content, 'protocolVersion') === undefined)
    return undefined
  const version = textField(content, 'version')
  const skills = listOf(field(content, 'skills')).flatMap((skill) => {
    const id = textField(skill, 'id', 'name')
    return id === undefined ? [] : [component('skill', id, { title: textField(skill, 'name') })]
  })
  const host = hostOf(url)
  return {
    format: 'a2a-agent-card',
    agent: { id: agentIdOf({ kind: 'host', service: name }), name },
    components: [
      { ...component('package', name, { role: 'the agent itself' }), ...(version === undefined ? {} : { version }) },
      ...(host === undefined ? [] : [component('endpoint', host, { role: 'where others reach it' })]),
      ...skills,
    ].slice(0, MAX_COMPONENTS),
    grants: [],
    bindings: [],
    facts: {},
  }
}
