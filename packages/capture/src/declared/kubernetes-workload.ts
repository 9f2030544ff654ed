import { agentIdOf } from '@holdfast/model'
import type { Component } from '@holdfast/model'
import { field, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { component, hostOf } from './component.ts'
import type { Declared } from './document.ts'
import { listOf } from './iam-statement.ts'
import { MAX_COMPONENTS } from './limits.ts'

const WORKLOADS: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'Pod',
])

/**
 * A Kubernetes workload: its images, the models and endpoints that its environment and arguments name, its service account,
 * and what annotations `holdfast.dev/*` state. Undefined for other objects.
 */
export function readKubernetesWorkload(content: Json): Declared | undefined {
  const kind = textField(content, 'kind')
  const meta = field(content, 'metadata')
  const name = textField(meta, 'name') ?? textField(meta, 'generateName')?.replace(/-$/, '')
  const spec = field(content, 'spec')
  if (kind === undefined || !WORKLOADS.has(kind) || name === undefined || field(content, 'apiVersion') === undefined)
    return undefined
  const namespace = textField(meta, 'namespace') ?? 'default'
  const template =
    kind === 'CronJob' ? field(field(field(spec, 'jobTemplate'), 'spec'), 'template') : field(spec, 'template')
  const pod = kind === 'Pod' ? spec : field(template, 'spec')
  const annotations = {
    ...texts(field(field(template, 'metadata'), 'annotations')),
    ...texts(field(meta, 'annotations')),
  }
  const containers = [...listOf(field(pod, 'initContainers')), ...listOf(field(pod, 'containers'))]
  const account = textField(pod, 'serviceAccountName', 'serviceAccount')
  const replicas = field(spec, 'replicas')
  const facts = factsOf(annotations)
  const components = [
    ...containers.flatMap(containerParts),
    ...(account === undefined
      ? []
      : [component('identity', `system:serviceaccount:${namespace}:${account}`, { kind: 'service-account' })]),
    ...annotated(annotations, name),
  ]
  return {
    format: 'kubernetes-manifest',
    agent: { id: agentIdOf({ kind: 'k8s', namespace, workload: name }), name },
    components: components.slice(0, MAX_COMPONENTS),
    grants: [],
    bindings: [],
    facts: typeof replicas === 'number' ? { ...facts, replicas: String(replicas) } : facts,
  }
}

function containerParts(container: Json): readonly Component[] {
  const image = textField(container, 'image')
  const env = listOf(field(container, 'env')).flatMap((one): readonly (readonly [string, string])[] => {
    const [name, value] = [textField(one, 'name'), textField(one, 'value')]
    return name === undefined || value === undefined ? [] : [[name, value]]
  })
  const args = [...listOf(field(container, 'command')), ...listOf(field(container, 'args'))].filter(
    (arg) => typeof arg === 'string',
  )
  const flags = args.flatMap((arg, i): readonly (readonly [string, string])[] => {
    const [, flag, value] = /^--([a-z][a-z0-9-]*)(?:=(.*))?$/.exec(arg) ?? []
    const given = value ?? args[i + 1]
    return flag === undefined || given === undefined ? [] : [[flag.replaceAll('-', '_').toUpperCase(), given]]
  })
  return [
    ...(image === undefined ? [] : [imageOf(image)]),
    ...[...env, ...flags].flatMap(([name, value]) => settingParts(name, value)),
  ]
}

/** A model or an endpoint that a setting names. `MODEL_PATH` and the like name files. */
export function settingParts(name: string, value: string): readonly Component[] {
  if (/(?:^|_)MODEL(?:_NAME|_ID)?$/i.test(name) && /^[\w.:@/-]{2,200}$/.test(value))
    return [component('model', value, { setting: name })]
  if (/(?:^|_)(?:BASE_URL|API_BASE|ENDPOINT|API_URL)$/i.test(name)) {
    const host = hostOf(value)
    return host === undefined ? [] : [component('endpoint', host, { setting: name })]
  }
  return []
}

/** `registry.example/team/agent:1.4@sha256:...` by its parts. */
function imageOf(reference: string): Component {
  const [, name = reference, tag, digest] =
    /^(.*?)(?::([\w][\w.-]{0,127}))?(?:@sha256:([0-9a-f]{64}))?$/.exec(reference) ?? []
  return {
    ...component('image', name, {}),
    ...(tag === undefined ? {} : { version: tag }),
    ...(digest === undefined ? {} : { digest }),
  }
}

function factsOf(annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const facts = ['class', 'owner', 'data-classes', 'track'].flatMap((name): readonly (readonly [string, string])[] => {
    const value = annotations[`holdfast.dev/${name}`]
    return value === undefined ? [] : [[name, value.slice(0, 512)]]
  })
  return Object.fromEntries(facts)
}

function annotated(annotations: Readonly<Record<string, string>>, agent: string): readonly Component[] {
  const list = (name: string): readonly string[] =>
    (annotations[`holdfast.dev/${name}`] ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '')
  const digest = annotations['holdfast.dev/prompt-template']?.replace(/^sha256:/, '')
  return [
    ...list('models').map((name) => component('model', name, {})),
    ...list('tools').map((name) => component('tool', name, {})),
    ...list('mcp-servers').map((name) => component('mcp-server', name, {})),
    ...(digest === undefined || !/^[0-9a-f]{64}$/.test(digest)
      ? []
      : [
          {
            ...component('prompt-template', `system prompt of ${agent}`, {}),
            digest,
            slot: `prompt-template:${agent}`,
          },
        ]),
  ]
}

function texts(json: Json | undefined): Readonly<Record<string, string>> {
  if (!isJsonObject(json)) return {}
  return Object.fromEntries(
    Object.entries(json).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}
